/** Findings in SARIF 2.1.0, which code hosts show beside the lines. */
import { createHash } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Weight } from '../../analysis/index.ts';
import type { LinkTo } from '../handbook-link.ts';
import type { CheckRule } from './judge.ts';
import type { RuleOfCheck } from './rules.ts';
import type { CheckedResult } from './suppressions.ts';

const levels: Readonly<Record<Weight, 'error' | 'warning' | 'note'>> = {
  wrong: 'error',
  doubtful: 'warning',
  note: 'note',
};

/** A log of one run. All rules are in it, so that a host can show those that found nothing, too. */
export function sarif(
  results: readonly CheckedResult[],
  rules: readonly RuleOfCheck[],
  link: LinkTo,
  version: string,
): object {
  const index = new Map<CheckRule, number>(rules.map(({ id }, at) => [id, at]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'sidetrack',
            semanticVersion: version,
            rules: rules.map(({ id, title, page }) => ({
              id,
              shortDescription: { text: `${title}.` },
              ...help(link(page)),
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: results.map(({ rule, weight, file, line, column, object, says, fix, suppressed }) => ({
          ruleId: rule,
          ruleIndex: index.get(rule),
          level: levels[weight],
          message: { text: `${object === null ? '' : `${object}: `}${says}. Fix: ${fix}.` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(file) },
                region: { startLine: line, startColumn: column },
              },
              ...(object === null
                ? {}
                : { logicalLocations: [{ fullyQualifiedName: object, kind: 'object' }] }),
            },
          ],
          // Lines move; what is found, and in which object, does not.
          partialFingerprints: {
            'finding/v1': createHash('sha256')
              .update([rule, uriOf(file), object ?? '', says].join('\n'))
              .digest('hex')
              .slice(0, 32),
          },
          ...(suppressed === null
            ? {}
            : { suppressions: [{ kind: 'external', justification: suppressed.reason }] }),
        })),
      },
    ],
  };
}

/** SARIF wants a whole address. */
function help(address: string): object {
  return URL.canParse(address) ? { helpUri: address } : {};
}

function uriOf(file: string): string {
  const path = isAbsolute(file) ? relative(process.cwd(), file) : file;
  if (path.startsWith('..')) return pathToFileURL(file).href;
  return path.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
