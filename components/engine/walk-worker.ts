/**
 * Walks on the rules that Istio would program, apart from the page. The page's own scenario comes with the page;
 * everything else that can be asked is loaded when it is.
 */
import {
  type Menu,
  problemsIn,
  type State,
  take,
  view,
  type WalkedScenario,
  type Walker,
} from '../../src/handbook/walk/index.ts';
import { answer, type WalkerAnswer, type WalkerQuestion } from './remote-walker.ts';

/** What a page knows already. */
export interface FromPage {
  readonly kind: 'page';
  readonly scenario: WalkedScenario;
  readonly menu: Menu;
}

const worker = self as unknown as {
  onmessage: ((event: MessageEvent<FromPage | WalkerQuestion>) => void) | null;
  postMessage(message: WalkerAnswer): void;
};

let page: FromPage | null = null;

worker.onmessage = async ({ data }) => {
  if (data.kind === 'page') page = data;
  else worker.postMessage((page !== null && answerOf(page, data)) || (await answerOfAll(data)));
};

/**
 * A walk of the page's own scenario. Null for anything else, and where something is wrong with the options: the words
 * for that are seldom needed, and are not in this worker.
 */
function answerOf(page: FromPage, question: WalkerQuestion): WalkerAnswer | null {
  if (!isOf(page, question)) return null;
  let isTold = true;
  const walker: Pick<Walker, 'walk'> = {
    walk(state, meets) {
      const walk = take(page.scenario, state);
      isTold = problemsIn(walk).length === 0;
      return { ...view(walk, state, page.menu, meets), options: walk.bound.pod.options, problems: [] };
    },
  };
  const answered = answer(walker, question);
  return isTold ? answered : null;
}

function isOf({ scenario }: FromPage, { name, asked: [state] }: WalkerQuestion): boolean {
  return name === 'walk' && (state as State).scenario === scenario.name;
}

async function answerOfAll(question: WalkerQuestion): Promise<WalkerAnswer> {
  try {
    const { wholeWalker } = await import('./walk-everything.ts');
    return answer(wholeWalker, question);
  } catch {
    return {
      kind: 'refusal',
      number: question.number,
      because: 'A part of the engine could not be loaded: is there a connection?',
      isNotLoaded: true,
    };
  }
}
