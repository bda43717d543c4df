/**
 * What a page of the handbook may load and do: only what comes from its own host, no inline script and no inline
 * style. It stands in every page, so that it holds on any host; a server that sends headers adds who may frame it.
 */

const directives: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'frame-src': "'self'",
  'base-uri': "'self'",
  'form-action': "'none'",
};

const written = Object.entries(directives).map(([name, value]) => `${name} ${value}`);

/** For `<meta http-equiv>`, which cannot say who may frame a page. */
export const contentPolicy = written.join('; ');

/** For a server: nobody else frames a page. */
export const pagePolicy = `${contentPolicy}; frame-ancestors 'self'`;

/** For what lies below `/embed/`: made to be framed. */
export const embedPolicy = `${contentPolicy}; frame-ancestors *`;

/** For a drawing that is opened by itself: it brings its colours and letters along, and may do nothing else. */
export const drawingPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; font-src data:; form-action 'none'; frame-ancestors 'self'";
