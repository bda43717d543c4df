import { afterAll, describe, expect, test } from 'vitest';
import { hugeDump } from '../../browser/huge-dump.ts';
import { StepCounter } from '../steps.ts';

const steps = new StepCounter();
const { withoutKeys } = await import('../../../src/netfilter/text/keys.ts');
const { notShown } = await import('../../../src/netfilter/text/secret-words.ts');

afterAll(() => steps.close());

describe('a run of base64', () => {
  const run = 'Ab3dEf6hIj9lMn2pQr5tUv8xYz1CdE4gHi7kLm0o';

  test('is found wherever it stands', () => {
    for (let before = 0; before < 100; before++)
      for (const words of [
        'x'.repeat(before).replaceAll(/x(?=x{7})/g, '.'),
        '.'.repeat(before),
        'a '.repeat(before),
      ])
        expect(withoutKeys(`${words} ${run} ${words}`)).toBe(`${words} ${notShown} ${words}`);
  });

  test('that is shorter stays', () => {
    for (let before = 0; before < 100; before++) {
      const text = `${'.'.repeat(before)} ${run.slice(1)} ${run.slice(1)}`;
      expect(withoutKeys(text)).toBe(text);
    }
  });
});

test('of rules without a key few letters are looked at', () => {
  const few = hugeDump(1_000);
  const many = hugeDump(10_000);
  const ofFew = steps.count(() => expect(withoutKeys(few)).toBe(few));
  const ofMany = steps.count(() => expect(withoutKeys(many)).toBe(many));
  expect(ofMany / many.length).toBeLessThan(0.3);
  expect(ofMany / ofFew).toBeLessThan((1.1 * many.length) / few.length);
});

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wIiwibmFtZSI6Ik1hcmtlciJ9.c2lnbmF0dXJlTWFya2VyMQ';
const marker = 'hunter2Marker';
const base64 = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo5aGlkZGVuMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A0NzEx';
const rowsOf = (width: number) => base64.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');

/** What may not be seen of a text, each. */
const shows: readonly (readonly [what: string, text: string, secret: RegExp])[] = [
  ['a variable', `TOKEN=${marker}\n`, /hunter2/],
  ['one with a long name', `AWS_SECRET_ACCESS_KEY=${marker}\nPGPASSWORD=${marker}`, /hunter2/],
  ['one in a shell', `$ export API_KEY="${marker} and more"\n`, /hunter2|and more/],
  ['one of a container', `docker run -e PASSWORD=${marker} --env DB_PASSWORD='${marker}' x`, /hunter2/],
  ['one with a space in it', `  DB_PASSPHRASE=correct ${marker}\nPATH=/bin\n`, /hunter2/],
  ['of a container that was inspected', `"Env": [\n  "TOKEN=a ${marker}",\n  "PATH=/bin"]`, /hunter2/],
  ['JSON in JSON', `{"a":"{\\"b\\":\\"TOKEN=${marker}\\"}"}`, /hunter2/],
  ['an argument', `kubeadm join 10.0.0.1:6443 --token ${marker} --v=5`, /hunter2/],
  ['an argument with a sign', `"--client-secret=${marker}",`, /hunter2/],
  ['an address', `https://user:${marker}@git.example/x`, /hunter2/],
  ['a query', `GET /a?access_token=${marker}&b=c`, /hunter2/],
  ['a header', `curl -H "Authorization: Bearer ${marker}" x`, /hunter2/],
  ['a header that was sent', `> authorization: Basic ${marker}\n< set-cookie: s=${marker}`, /hunter2/],
  ['a name of camels', `dbPassword: ${marker}\n`, /hunter2/],
  ['JWT', `I have ${jwt} here`, /eyJ|c2lnb/],
  ['GitHub’s', 'x ghp_0123456789abcdefghijABCDEFGHIJ012345 y', /ghp_/],
  ['GitLab’s', 'x glpat-01-3456_89abcdefgh-j y', /glpat-/],
  ['AWS’s', 'x AKIAIOSFODNN7EXAMPLE y', /AKIA/],
  ['Slack’s', 'x xoxb-1234567890-abcdefghij y', /xoxb/],
  ['base64 in rows', `key is:\n${rowsOf(64)}\nand so on`, /QUJDR|NDcxMQ|4NzEx|A0NzEx/],
  ['in short rows', `${rowsOf(32)}\n`, /QUJDR|A0NzEx/],
];

describe('is not shown', () => {
  test.each(shows)('%s', (_, text, secret) => {
    const open = withoutKeys(text);
    expect(open).not.toMatch(secret);
    expect(open).toContain(notShown);
    expect(open.split('\n')).toHaveLength(text.split('\n').length);
    expect(withoutKeys(open)).toBe(open);
  });

  const inOneLine = shows.filter(([, text]) => !/\n|^ /.test(text.trimEnd()) && !text.startsWith('db'));
  test.each(inOneLine)('%s, broken by a terminal wherever its window ends', (_, text, secret) => {
    const whole = ` ${text.trimEnd()}`.padStart(90, '# ');
    for (let width = 45; width < 90; width += 3) {
      const broken = whole.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
      const open = withoutKeys(broken);
      expect(open.replaceAll('\n', ''), `${width}`).not.toMatch(secret);
      expect(open.split('\n')).toHaveLength(broken.split('\n').length);
    }
  });
});

test.each([
  '*nat\n-A OUTPUT -m comment --comment "token=abc password: x" -j ACCEPT\nCOMMIT\n',
  'TOKEN=$TOKEN\nTOKEN_PATH=/var/run/secrets/token\nMAX_TOKENS=5\nautomountServiceAccountToken: false\n',
  'istio-proxy-7f9c4d6b8-abcde\nkube-system\nISTIO_OUTPUT\n',
])('stays as it is: %j', (text) => {
  expect(withoutKeys(text)).toBe(text);
});

test.each(shows)('%s: twice the text takes twice the steps', (_, text) => {
  const [few = 0, many = 0] = [200, 1600].map((count) => {
    const all = `${text}\n`.repeat(count);
    return steps.count(() => withoutKeys(all));
  });
  expect(many / few).toBeLessThan(8 * 1.5);
});
