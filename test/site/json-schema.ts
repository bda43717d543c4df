/**
 * As much of JSON Schema as the trace's schema uses, to hold traces to it without a dependency. A keyword that it
 * does not know is an error, so that nothing of a schema is passed over.
 */

type Schema = Readonly<Record<string, unknown>>;

const annotations = new Set(['$schema', '$defs', 'title', 'description', 'properties', 'required']);

/** What is wrong with a value, one line each: `/legs/0/because: expected string, found null`. */
export function violations(value: unknown, schema: Schema, root: Schema = schema, at = ''): string[] {
  return Object.entries(schema)
    .flatMap(([keyword, wanted]) => {
      const check = checks[keyword];
      if (check !== undefined) return check(value, wanted, root, at);
      if (annotations.has(keyword)) return [];
      throw new Error(`The schema uses "${keyword}", which test/site/json-schema.ts does not know.`);
    })
    .concat(fields(value, schema, root, at));
}

type Check = (value: unknown, wanted: unknown, root: Schema, at: string) => string[];

const checks: Readonly<Record<string, Check>> = {
  type: (value, wanted, _, at) => {
    const types = Array.isArray(wanted) ? wanted : [wanted];
    const found = typeOf(value);
    const fits = types.includes(found) || (found === 'integer' && types.includes('number'));
    return fits ? [] : [`${at || '/'}: expected ${types.join(' or ')}, found ${found}`];
  },
  const: (value, wanted, _, at) =>
    value === wanted ? [] : [`${at || '/'}: expected ${show(wanted)}, found ${show(value)}`],
  enum: (value, wanted, _, at) =>
    (wanted as unknown[]).includes(value)
      ? []
      : [`${at || '/'}: expected one of ${show(wanted)}, found ${show(value)}`],
  $ref: (value, wanted, root, at) => violations(value, resolve(String(wanted), root), root, at),
  items: (value, wanted, root, at) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => violations(item, wanted as Schema, root, `${at}/${index}`))
      : [],
  pattern: (value, wanted, _, at) =>
    typeof value !== 'string' || new RegExp(String(wanted), 'u').test(value)
      ? []
      : [`${at || '/'}: expected ${String(wanted)}, found ${show(value)}`],
  minItems: (value, wanted, _, at) =>
    Array.isArray(value) && value.length < Number(wanted) ? [`${at || '/'}: too few items`] : [],
  anyOf: (value, wanted, root, at) => alternatives(value, wanted as Schema[], root, at, (fits) => fits > 0),
  oneOf: (value, wanted, root, at) => alternatives(value, wanted as Schema[], root, at, (fits) => fits === 1),
};

function fields(
  value: unknown,
  { required = [], properties = {} }: Schema,
  root: Schema,
  at: string,
): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const missing = (required as string[])
    .filter((name) => !(name in value))
    .map((name) => `${at || '/'}: ${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, field]) => {
    const schema = (properties as Readonly<Record<string, Schema>>)[name];
    return schema === undefined ? [] : violations(field, schema, root, `${at}/${name}`);
  });
  return [...missing, ...wrong];
}

/** Where none fits, what is wrong is told for the alternative that comes nearest. */
function alternatives(
  value: unknown,
  schemas: readonly Schema[],
  root: Schema,
  at: string,
  isEnough: (fits: number) => boolean,
): string[] {
  const results = schemas.map((schema) => violations(value, schema, root, at));
  const fits = results.filter((found) => found.length === 0).length;
  if (isEnough(fits)) return [];
  if (fits > 1) return [`${at || '/'}: fits ${fits} alternatives where one is expected`];
  return results.reduce((nearest, found) => (found.length < nearest.length ? found : nearest));
}

function resolve(reference: string, root: Schema): Schema {
  const found = reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((part, name) => (part as Schema | undefined)?.[name], root);
  if (typeof found !== 'object' || found === null) throw new Error(`The schema has no ${reference}.`);
  return found as Schema;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
