/** The files that are checked: those that are named, and what is in directories that are named. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withoutKeys } from '../../netfilter/index.ts';
import { leftOutWords } from '../../words/index.ts';
import { fileError, type Input, readFile, readInputs } from '../input.ts';
import { complain, type Terminal, UseError } from '../terminal.ts';

const judged = /\.(?:ya?ml|json|txt|save|rules)$/i;
/** What is in them is nobody's manifest. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'vendor']);

/** All inputs, those of a directory in the order of their names. Messages quote them, so they have no keys. */
export async function checkedInputs(named: readonly string[], terminal: Terminal): Promise<readonly Input[]> {
  const inputs = await allInputs(named, terminal);
  return inputs.map((one) => ({ ...one, text: withoutKeys(one.text) }));
}

async function allInputs(named: readonly string[], terminal: Terminal): Promise<readonly Input[]> {
  if (named.length === 0) return readInputs([], 'check', terminal);
  const inputs: Input[] = [];
  for (const path of named) {
    if (path === '-' || !isDirectory(path)) {
      inputs.push(...(await readInputs([path], 'check', terminal)));
      continue;
    }
    const files = filesIn(path);
    if (files.length === 0) throw new UseError({ code: 'nothing in directory', path });
    for (const file of files) {
      const input = readFile(file, 'check');
      if (isTemplate(input)) complain(terminal, leftOutWords(file));
      else inputs.push(input);
    }
  }
  return inputs;
}

/** What stands in braces by itself, or behind a colon, is no YAML before helm has been there. */
function isTemplate({ text }: Input): boolean {
  return /^[ \t]*(?:- )?(?:[\w./"'-]+:[ \t]+)?\{\{/m.test(text);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    throw fileError(error, path);
  }
}

/** A link that leads nowhere is told by its own name. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    throw fileError(error, path);
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .flatMap((entry): readonly string[] => {
        if (entry.name.startsWith('.') || passedOver.has(entry.name)) return [];
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesIn(path);
        return judged.test(entry.name) && isFile(path) ? [path] : [];
      });
  } catch (error) {
    throw fileError(error, folder);
  }
}
