/** Names that are declared and exported in two files: whoever meets one cannot know which of the two is meant. */
import ts from 'typescript';
import type { SourceFile } from './tree.ts';

export interface Shared {
  readonly because: string;
  /** The files that may share names, by their paths. */
  readonly files: RegExp;
  /** The only names, where not any. */
  readonly names?: readonly string[];
}

/** Each such name with its files. Who only passes a name on declares nothing. */
export function sharedNames(files: readonly SourceFile[], may: readonly Shared[] = []): readonly string[] {
  const homes = new Map<string, readonly string[]>();
  for (const { path, text } of files) {
    for (const name of new Set(declaredNames(path, text))) {
      const isFree = may.some((one) => one.files.test(path) && (one.names?.includes(name) ?? true));
      if (!isFree) homes.set(name, [...(homes.get(name) ?? []), path]);
    }
  }
  return [...homes]
    .filter(([, paths]) => paths.length > 1)
    .map(([name, paths]) => `${name} has ${paths.length} homes: ${paths.join(', ')}`)
    .sort();
}

function declaredNames(path: string, text: string): readonly string[] {
  const code = path.endsWith('.astro') ? (/^---\n(.*?)^---/ms.exec(text)?.[1] ?? '') : text;
  const { statements } = ts.createSourceFile(
    path.replace(/\.astro$/, '.ts'),
    code,
    ts.ScriptTarget.Latest,
    true,
  );
  return statements.flatMap((statement): readonly string[] => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    const { name } = statement as ts.Statement & { readonly name?: ts.Node };
    return name === undefined ? [] : [name.getText()];
  });
}
