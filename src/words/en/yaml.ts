/**
 * What is said of a pod's YAML, or of Helm's values, where it is broken, has no effect, or another one than one would
 * think. Options go by the names that set them there.
 */
import {
  type ProxyConfigPlace,
  usualName,
  type YamlMatter,
  type YamlMessage,
  type YamlSetter,
} from '../../istio/index.ts';
import { ignoredSentence, type OptionProblemWords, optionProblemWords } from './options.ts';

export interface YamlWords extends OptionProblemWords {
  /** What stands there: `annotation traffic.sidecar.istio.io/excludeInboundPorts "8080"`. */
  readonly found: string;
}

export function yamlMessageWords(message: YamlMessage): YamlWords {
  const { found, because, fix } = wordsOf(message);
  const { lineWithin } = message;
  return {
    found: lineWithin === undefined ? found : `${configWords('annotation')}, line ${lineWithin}: ${found}`,
    because,
    fix,
  };
}

/** A message in one line: `7:9: warning: annotation …: … Write …` */
export function printYamlMessage(message: YamlMessage): string {
  const { severity, line, column } = message;
  const { found, because, fix } = yamlMessageWords(message);
  return `${line}:${column}: ${severity}: ${found}: ${because}${fix === '' ? '' : ` ${fix}`}`;
}

/** What sets an option: `annotation traffic.sidecar.istio.io/excludeInboundPorts`. */
export function yamlSetterWords(by: YamlSetter): string {
  switch (by.kind) {
    case 'annotation':
      return `annotation ${by.name}`;
    case 'argument':
      return `argument ${by.name} of istio-init`;
    case 'variable':
      return `variable ${by.name} of ${by.of}`;
    case 'field':
      return `${by.name} of ${by.of}`;
    case 'entry of ProxyConfig':
      return `${by.name} in ${configWords(by.at)}`;
    case 'option':
    case 'value':
      return by.name;
    case 'istio-validation':
      return 'istio-validation';
    case 'addresses of the pod':
      return "the pod's addresses";
    case 'servers of the pod':
      return 'nameservers of dnsConfig';
  }
}

function configWords(at: ProxyConfigPlace): string {
  return at === 'annotation' ? 'annotation proxy.istio.io/config' : 'meshConfig.defaultConfig';
}

function wordsOf(message: YamlMessage): YamlWords {
  switch (message.code) {
    case 'not heeded':
      return {
        found: givenWords(message),
        because: `It has no effect: ${ignoredSentence(message.ignored, usualName)}`,
        fix: 'Take it away, or use another release.',
      };
    case 'changes no rule':
      return {
        found: givenWords(message),
        because: 'It changes no rule: without it they would be the same.',
        fix: '',
      };
    case 'no switch':
      return {
        found: givenWords(message),
        ...(message.by.kind === 'value' ? ofTypes : ofTexts),
      };
    case 'servers unknown':
      return {
        found: givenWords(message),
        because:
          'DNS is captured on its way to the servers of /etc/resolv.conf, which this YAML does not tell.',
        fix: 'Give them in dnsServersV4 and dnsServersV6.',
      };
    case 'unreadable':
      return unreadableWords(message.text);
    case 'too many nodes':
      return {
        found: 'a document whose aliases unfold into too many nodes',
        because: `At most ${message.most} are read.`,
        fix: 'Write the values in the place of the aliases.',
      };
    case 'broken YAML':
    case 'key twice':
      return brokenWords(message);
    case 'nothing to read':
      return nothingWords(message);
    case 'other objects':
      return {
        found: message.names.join(', '),
        because: `It was not read: what is told here is of ${message.chosen}.`,
        fix: 'Read one after the other.',
      };
    case 'annotation is no text':
      return {
        found: `annotation ${message.key} ${message.text}`,
        because:
          'An annotation is text, and YAML takes this for a number or a truth value: Kubernetes refuses the object.',
        fix: quoted(message.text),
      };
    case 'unknown annotation': {
      const { key, meant, known } = message;
      return {
        found: `annotation ${key}`,
        because: 'Istio has no annotation of this name, so it has no effect.',
        fix: meant === null ? `Those that shape the rules are ${known.join(', ')}.` : didYouMean(meant),
      };
    }
    case 'wrong place':
      return wrongPlaceWords(message);
    case 'name of a later release':
      return {
        found: `annotation ${message.key}`,
        because: `Istio ${message.release} does not know this name: it came with ${message.since}.`,
        fix: message.older === null ? 'Leave it out.' : `Write ${message.older}.`,
      };
    case 'name of an earlier release':
      return {
        found: `annotation ${message.key}`,
        because:
          message.before === null
            ? 'No release of Istio reads it, although its list of annotations has the name: it has no effect.'
            : `Istio ${message.release} does not read it: no release since ${message.before} does, so it has no effect.`,
        fix: 'Leave it out.',
      };
    case 'changed after the injection': {
      const { key, value, told } = message;
      return {
        found: `annotation ${key} "${value}"`,
        because: `istio-init has ${told === null ? 'no such argument' : `"${told}"`}: the annotation was changed after the injection and has no effect.`,
        fix: 'Change it on the template, so that the pod is made anew.',
      };
    }
    case 'ambient mode':
      return { found: `${message.key} ${message.value}`, because: ambientWords[message.of], fix: '' };
    case 'native nftables':
      return {
        found:
          message.by === 'value'
            ? 'global.nativeNftables true'
            : yamlSetterWords({ kind: 'argument', name: '--native-nftables' }),
        because:
          'Rules are made with native nftables: iptables-save shows nothing of them, nft list ruleset does.',
        fix: '',
      };
    case 'injection off':
      return {
        found: `${message.key} "false"`,
        because: 'The pod gets no sidecar, so it has none of these rules.',
        fix: 'Set it to "true", or take it away.',
      };
    case 'network of the node':
      return {
        found: 'hostNetwork true',
        because: "The injector leaves pods in the node's network alone: the pod has no sidecar and no rules.",
        fix: 'Take hostNetwork away where the pod is to be in the mesh.',
      };
    case 'pod of a gateway':
      return {
        found: `istio-proxy with "proxy ${message.proxy}"`,
        because: 'It is no sidecar: nobody programs rules into such a pod, and nothing in it is captured.',
        fix: '',
      };
    case 'release by revision':
      return {
        found: `istio.io/rev "${message.revision}"`,
        because: `It is a name that someone chose; release ${message.release} is read out of it.`,
        fix: 'Choose the release yourself where that is not so.',
      };
    case 'release unknown':
      return {
        found: `image ${message.image}`,
        because: 'Its tag does not tell the release.',
        fix: 'Choose the release yourself; istioctl version tells it.',
      };
    case 'IPv6 not seen':
      return {
        found: `address ${message.address}`,
        because:
          'Istio looks at the first address only, which is IPv4, and writes no IPv6 rules: what the pod sends and gets by IPv6 goes past Envoy.',
        fix: 'Set ISTIO_DUAL_STACK to "true" in proxyMetadata.',
      };
    case 'app as proxy':
      return {
        found: `${message.key} ${message.id}`,
        because:
          'It is that of the proxy: what this container sends is taken for traffic of the proxy and not captured.',
        fix: 'Run the app as another one.',
      };
    case 'variable of the app':
      return {
        found: `variable ${message.name} of container ${message.container}`,
        because: "It is read from the proxy's environment, and not from the app's.",
        fix: `Write it under proxyMetadata in the ${configWords('annotation')}.`,
      };
    case 'outside of proxyMetadata':
      return {
        found: entryWords(message),
        because: 'Variables of the proxy are read from proxyMetadata only.',
        fix: 'Move it under proxyMetadata.',
      };
    case 'unknown variable':
      return {
        found: entryWords(message),
        because: 'Istio knows no variable of this name that shapes the rules.',
        fix: didYouMean(message.meant),
      };
    case 'metadata is no text':
      return {
        found: `${entryWords(message)}: ${message.text}`,
        because:
          'The values of proxyMetadata are text, and YAML takes this for a number or a truth value: Istio refuses the whole ProxyConfig.',
        fix: quoted(message.text),
      };
    case 'overruled by an argument': {
      const { flag, instead } = message;
      return {
        found: entryWords(message),
        because: `The injector gives istio-init the argument ${flag} in every pod, and an argument wins over a variable: it has no effect.`,
        fix:
          instead === null
            ? 'Leave it out.'
            : instead.kind === 'annotation'
              ? `Write the annotation ${instead.name}.`
              : `Set ${instead.name} in the values of the Helm chart istiod.`,
      };
    }
    case 'unknown value':
      return {
        found: message.path,
        because: 'The chart has no value of this name here, so it has no effect.',
        fix: didYouMean(message.meant),
      };
    case 'field of the proxy':
      return {
        found: `meshConfig.${message.key}`,
        because: 'It belongs to the configuration of proxies, and the mesh has no such field.',
        fix: `Move it to meshConfig.defaultConfig.${message.key}.`,
      };
    default:
      return { found: givenWords(message), ...optionProblemWords(message.problem, usualName) };
  }
}

const ofTexts = {
  because: 'Istio expects true or false here and takes anything else for false.',
  fix: 'Write "true" or "false".',
};

const ofTypes = {
  because: 'The injector refuses all values where a text stands in the place of true or false.',
  fix: 'Write true or false, without quotes.',
};

function givenWords({ by, value }: { readonly by: YamlSetter; readonly value: string }): string {
  return `${yamlSetterWords(by)} "${value}"`;
}

function entryWords({ name, at }: { readonly name: string; readonly at: ProxyConfigPlace }): string {
  return `${name} in ${configWords(at)}`;
}

function didYouMean(name: string): string {
  return `Did you mean ${name}?`;
}

function quoted(text: string): string {
  return `Write "${text}" in quotes.`;
}

type Of<Code extends YamlMessage['code']> = YamlMessage & Extract<YamlMatter, { readonly code: Code }>;

const ambientWords: Readonly<Record<Of<'ambient mode'>['of'], string>> = {
  pod: 'This pod is in ambient mode: ztunnel takes the traffic, and its rules are other ones than a sidecar’s.',
  namespace:
    'The pods of this namespace are in ambient mode, but for those with a sidecar: ztunnel takes the traffic, and its rules are other ones than a sidecar’s.',
  charts:
    'It sets up ambient mode. The options here are of pods with a sidecar; those in ambient mode have other rules.',
};

function unreadableWords(text: Of<'unreadable'>['text']): YamlWords {
  switch (text.is) {
    case 'no text':
      return { found: `a ${text.type}`, because: 'YAML is text.', fix: 'Hand over the text of a file.' };
    case 'too long':
      return {
        found: `${text.length} characters`,
        because: `At most ${text.most} are read.`,
        fix: 'Leave out the objects that are not asked about.',
      };
    case 'beyond the library':
      return {
        found: 'a text',
        because: `The YAML library cannot read it: ${text.why}`,
        fix: 'Check it with a YAML linter.',
      };
  }
}

function brokenWords({ text, error, why, isWildcard }: Of<'broken YAML' | 'key twice'>): YamlWords {
  const [because, fix] = isWildcard
    ? ['An unquoted * begins an alias in YAML; a name was expected behind it.', 'Write "*" in quotes.']
    : (errorWords.get(error) ?? [
        `The YAML is broken: ${why}.`,
        'Compare the indentation and the quotes with the line before.',
      ]);
  return { found: text === '' ? 'the end of a line' : `"${text}"`, because, fix };
}

/** What the library's errors mean to someone who wrote a pod, by their codes. */
const errorWords: ReadonlyMap<string, readonly [because: string, fix: string]> = new Map(
  Object.entries({
    TAB_AS_INDENT: [
      'Expected blanks: YAML takes no tab for indentation.',
      'Put blanks in the place of the tabs.',
    ],
    BAD_INDENT: [
      'Expected the indentation of the lines that this one belongs to.',
      'Indent it as the other entries of the same object.',
    ],
    MULTILINE_IMPLICIT_KEY: [
      'Expected a colon and a blank behind the key, in the same line.',
      'Write "key: value", or quote the text.',
    ],
    MISSING_CHAR: [
      'Expected a sign that is missing: a closing quote, bracket or comma.',
      'Close what was opened.',
    ],
    UNEXPECTED_TOKEN: ['Expected a key or a value.', 'Quote the text, or take the sign away.'],
    DUPLICATE_KEY: [
      'Expected each key once: of two, Kubernetes takes the last one or refuses the object.',
      'Take one of the two away.',
    ],
    MERGE_OF_NO_MAP: [
      'Expected a map behind <<, or a list of maps; kubectl refuses anything else.',
      'Put an alias of a map there, or take the line away.',
    ],
    ALIAS_IN_ITSELF: [
      'Expected something that ends: this alias stands in what it is an alias of.',
      'Take the alias out of the anchor.',
    ],
    ALIAS_OF_NOTHING: [
      'Expected the name of an anchor that stands before it in the same document.',
      'Correct the name, or quote the text if no alias is meant.',
    ],
    BAD_ALIAS: ['Expected a name behind *.', 'Write "*" in quotes.'],
    BLOCK_AS_IMPLICIT_KEY: [
      'Expected one value: a second key stands in the same line.',
      'Write the second key in a line of its own, or quote the value.',
    ],
  } as const),
);

function nothingWords({ wanted, names }: Of<'nothing to read'>): YamlWords {
  if (wanted === 'values')
    return {
      found: 'no values',
      because: 'Expected the values of the Helm chart istiod, or an IstioOperator.',
      fix: 'Paste what helm get values istiod -n istio-system prints.',
    };
  const expected =
    wanted === 'pod' ? 'a Pod, or a Deployment or another object with a template of pods' : wanted.object;
  return {
    found: names.length === 0 ? 'no object' : names.join(', '),
    because: `Expected ${expected}.`,
    fix: 'Paste what kubectl get pod POD -o yaml prints.',
  };
}

function wrongPlaceWords({ as, key, why }: Of<'wrong place'>): YamlWords {
  const found = `${as} ${key}`;
  switch (why.is) {
    case 'variable':
      return {
        found,
        because: "It is a variable of the proxy's environment, and nobody reads it from an annotation.",
        fix: `Write it under proxyMetadata in the ${configWords('annotation')}.`,
      };
    case 'label of a pod':
      return {
        found,
        because: 'It is read as an annotation, and as a label it has no effect.',
        fix: 'Move it to metadata.annotations of the pod or its template.',
      };
    case 'injection of a namespace':
      return {
        found: `${found} on ${why.object}`,
        because: 'A namespace turns injection on by another label.',
        fix: 'Label it istio-injection=enabled, or istio.io/rev with the name of a revision.',
      };
    case 'object without pods':
      return {
        found: `${found} on ${why.object}`,
        because: 'It is read from pods only, and has no effect here.',
        fix: 'Move it to the pods themselves: spec.template.metadata.annotations of the Deployment.',
      };
    case 'beside the template':
      return {
        found: `${found} on ${why.object}`,
        because: 'It is read from the pod, and pods do not get it from here.',
        fix: `Move it to ${why.home}.`,
      };
  }
}
