/** `sidetrack completion`: what a shell sources to complete commands, options and their values. */
import type { Command, Option } from 'commander';
import { optionNames, releases } from '../istio/index.ts';

export const shells = ['bash', 'zsh'] as const;

/** The script for a shell, made from the commands themselves. */
export function completionScript(shell: (typeof shells)[number], program: Command): string {
  return shell === 'bash' ? bashScript(program) : zshScript(program);
}

/** What can stand behind an option: words, or files; null where nobody can tell. */
function valuesOf(option: Option): readonly string[] | 'files' | null {
  if (option.argChoices !== undefined) return option.argChoices;
  const [, value] = /<(.+)>/.exec(option.flags) ?? [];
  if (value === 'release') return releases.map(({ name }) => name);
  if (value === 'name=value') return optionNames.map((name) => `${name}=`);
  return value === 'file' ? 'files' : null;
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function namesOf({ short, long }: Option): readonly string[] {
  return [short, long].filter((one) => one !== undefined);
}

/** Words that may stand for the first argument of a command. */
function choicesOf({ registeredArguments: [first] }: Command): readonly string[] {
  return first?.argChoices ?? [];
}

function bashScript(program: Command): string {
  const commands = program.commands;
  const values = commands.flatMap((command) =>
    command.options.filter(takesValue).map((option) => {
      const found = valuesOf(option);
      const names = namesOf(option).map((name) => `'${command.name()} ${name}'`);
      const does =
        found === 'files'
          ? 'COMPREPLY=(); return'
          : `COMPREPLY=($(compgen -W '${(found ?? []).join(' ')}' -- "$word")); compopt +o default; return`;
      return `    ${names.join(' | ')}) ${does} ;;`;
    }),
  );
  const options = commands.map((command) => {
    const words = [...command.options.flatMap(namesOf), '--help'].join(' ');
    const choices = choicesOf(command).join(' ');
    return `    ${command.name()}) options='${words}' choices='${choices}' ;;`;
  });
  return `# Completion of sidetrack for bash: source it, or: source <(sidetrack completion bash)
_sidetrack() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local options='' choices=''
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map((one) => one.name()).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "$command $before" in
${values.join('\n')}
  esac
  case "$command" in
${options.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$word")); fi ;;
  esac
}
complete -o default -F _sidetrack sidetrack kubectl-sidetrack
`;
}

/** Within single quotes, and within the brackets of _arguments. */
function inZsh(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
}

function zshScript(program: Command): string {
  const parts = program.commands.map((command) => `    '${command.name()}:${inZsh(command.summary())}'`);
  const cases = program.commands.map((command) => {
    const options = command.options.flatMap((option) => {
      const found = valuesOf(option);
      const behind = !takesValue(option)
        ? ''
        : found === 'files'
          ? ':file:_files'
          : `:value:(${(found ?? []).join(' ')})`;
      return namesOf(option).map((name) => `'*${name}[${inZsh(option.description)}]${behind}'`);
    });
    const choices = choicesOf(command);
    const rest = choices.length === 0 ? "'*:file:_files'" : `'1:which:(${choices.join(' ')})'`;
    return `    ${command.name()}) _arguments ${[...options, rest].join(' ')} ;;`;
  });
  return `#compdef sidetrack kubectl-sidetrack
# Completion of sidetrack for zsh: source <(sidetrack completion zsh), or a file _sidetrack in a folder of fpath.
_sidetrack() {
  local -a parts
  parts=(
${parts.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' parts
    return
  fi
  local part="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$part" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_sidetrack" ]; then _sidetrack "$@"; else compdef _sidetrack sidetrack kubectl-sidetrack; fi
`;
}
