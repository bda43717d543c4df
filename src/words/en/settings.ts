/** What is said of a `handbook.config.ts` that cannot be published as it is. */
import type { SettingKind, SettingProblem } from '../said.ts';
import { optionProblemWords } from './options.ts';

/** `pod.port: found 80800, expected a port, 1 to 65535.` */
export function settingProblemWords(problem: SettingProblem): string {
  const { key } = problem;
  switch (problem.code) {
    case 'no such key':
      return `${key}: the handbook has no such setting.${meant(problem.meant)} Known: ${problem.known.join(', ')}.`;
    case 'key missing':
      return `${key}: nothing found, expected ${kinds[problem.expected]}.`;
    case 'another kind':
      return `${key}: found ${problem.found}, expected ${kinds[problem.expected]}.`;
    case 'no such file':
      return `${key}: found "${problem.found}", which is no file in public/.${meant(problem.meant)}`;
    case 'little contrast':
      return `${key}: found "${problem.found}", with a contrast of ${problem.contrast.toFixed(1)} on ${problem.ground}; expected ${problem.least} or more.`;
    case 'release unknown':
      return `${key}: found "${problem.found}", expected a release of Istio from ${problem.oldest} to ${problem.newest}. The nearest: ${problem.nearest.join(', ')}.`;
    case 'option problem': {
      const { because, fix } = optionProblemWords(problem.problem);
      return `${key}: found ${problem.found}. ${because} ${fix}`;
    }
  }
}

function meant(name: string | null): string {
  return name === null ? '' : ` Is "${name}" meant?`;
}

const kinds: Readonly<Record<SettingKind, string>> = {
  text: 'a text that is not empty',
  switch: 'true or false',
  record: 'keys with values between { and }',
  host: 'a scheme and a host without a path, such as https://docs.example.org; the path belongs in `base`',
  base: 'a path that begins and ends with a slash, such as /handbook/',
  file: 'the path of a file in public/, such as /logo.svg',
  colour: 'a colour such as #006678, rgb(0 102 120) or hsl(190 100% 24%)',
  'address of the web': 'an address that begins with https:// or http://',
  link: 'an address that begins with https://, http:// or mailto:, or a path such as /help/',
  release: 'a release of Istio in quotes, such as "1.31"',
  options: 'options of Istio with their values between { and }',
  'address of a pod': 'an IPv4 address with the length of its prefix, such as 10.244.1.5/24',
  port: 'a port, 1 to 65535',
  id: 'a number of a user or group, 0 to 4294967294',
};
