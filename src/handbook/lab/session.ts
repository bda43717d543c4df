/**
 * The lab in a reader's hands, without a page or a worker: the text, what became of it, and the connection that is
 * looked at. `components/lab` shows a session, does what it wants done (a text read, a connection walked, a link
 * made), and tells it what happens.
 */
import type { DamagedLink, Doing } from '../../words/index.ts';
import type { State, Walked } from '../walk/index.ts';
import { type DecodedDump, type DumpLink, withoutDump } from './dump-link.ts';
import { type LinkedEnvoyCall, readCall } from './envoy/call-link.ts';
import type { Inspection } from './inspection.ts';
import type { InspectionWords } from './inspection-words.ts';

/**
 * How much is read at once, in characters or bytes: 50,000 rules are 5 million, and what an Envoy of 2,000 Services was told is
 * 30. A tab that unfolds much more of it dies, and what was there before with it.
 */
export const largestPaste = 64 * 1024 * 1024;

export interface LabSession {
  /** What was pasted, dropped or opened. */
  readonly text: string;
  /** Which of its pods is looked at. */
  readonly pod: number;
  /** Files are held over the lab, to be dropped. */
  readonly isOver: boolean;
  /** The text came in the address, and is in the browser's history already; no other is written there. */
  readonly isFromLink: boolean;
  /** What could not be read at all. */
  readonly unread: Unread | null;
  /** The text as a part of a link; null until it is made, and where it is too long for one. */
  readonly link: string | null;
  /** The connection through a pasted Envoy that the address leads to. */
  readonly call: LinkedEnvoyCall | null;
  /** What the worker reads, and keeps for walks and comparisons; null where there is nothing to read. */
  readonly reading: LabReading | null;
  /** How often something was to be read or walked: an answer counts while nothing else has been asked for since. */
  readonly asked: number;
  readonly inspecting: Inspecting;
  /** What the reader opened in this page; null: what the address says. */
  readonly opens: State | null;
  /** The connection on these rules; null while they are being read. */
  readonly own: OwnConnection | null;
}

export interface LabReading {
  readonly number: number;
  readonly text: string;
  readonly pod: number;
}

export type Inspecting =
  | { readonly state: 'idle' }
  | { readonly state: 'working'; readonly done: number; readonly doing: Doing }
  | { readonly state: 'failed'; readonly because: string }
  | {
      readonly state: 'ready';
      /** The number of the reading. It is shown until another has begun. */
      readonly reading: number;
      readonly inspection: Inspection;
      readonly words: InspectionWords;
    };

/** A connection that is walked as the first view of a simulator. */
export interface OwnConnection {
  readonly number: number;
  readonly state: State;
  readonly result: OwnResult | null;
}

export type OwnResult =
  | { readonly kind: 'walked'; readonly walked: Walked }
  | { readonly kind: 'not walked'; readonly because: string };

export type Unread =
  | { readonly kind: 'files'; readonly because: string }
  /** A text, or files, of which nothing was read; `size` counts characters, or bytes. */
  | { readonly kind: 'too large'; readonly size: number }
  | {
      readonly kind: 'link';
      readonly damaged: DamagedLink;
      /** The fragment of the connection that can be opened all the same. */
      readonly connection: string | null;
    };

/** What happens to a lab: by the reader, then by those who did what was wanted. */
export type LabEvent =
  /** A text in the place of the one before: pasted, written, dropped, or none. */
  | { readonly kind: 'put'; readonly text: string }
  | { readonly kind: 'pod'; readonly pod: number }
  | { readonly kind: 'over'; readonly isOver: boolean }
  /** What is being read is not to be read any more. */
  | { readonly kind: 'stop' }
  /** A connection on these rules, or on those of a text that takes their place. */
  | { readonly kind: 'open'; readonly state: State; readonly text?: string }
  | { readonly kind: 'files not read'; readonly because: string }
  /** Files are refused before they are read. */
  | { readonly kind: 'files too large'; readonly size: number }
  | { readonly kind: 'link opened'; readonly fragment: string; readonly decoded: DecodedDump }
  | { readonly kind: 'link made'; readonly text: string; readonly link: DumpLink }
  | { readonly kind: 'progress'; readonly number: number; readonly done: number; readonly doing: Doing }
  | {
      readonly kind: 'inspection';
      readonly number: number;
      readonly inspection: Inspection;
      readonly words: InspectionWords;
    }
  | { readonly kind: 'not inspected'; readonly number: number; readonly because: string }
  | { readonly kind: 'connection'; readonly number: number; readonly result: OwnResult };

const idle: Inspecting = { state: 'idle' };

export const newLab: LabSession = {
  text: '',
  pod: 0,
  isOver: false,
  isFromLink: false,
  unread: null,
  link: null,
  call: null,
  reading: null,
  asked: 0,
  inspecting: idle,
  opens: null,
  own: null,
};

/** The lab once something has happened to it. */
export function labAfter(lab: LabSession, event: LabEvent): LabSession {
  switch (event.kind) {
    case 'put':
      return put(lab, event.text);
    case 'pod':
      return reads(lab, lab.text, event.pod);
    case 'over':
      return { ...lab, isOver: event.isOver };
    case 'stop':
      return { ...lab, reading: null, inspecting: idle, own: null };
    case 'open': {
      const there = event.text === undefined ? lab : put(lab, event.text);
      const isSame = JSON.stringify(event.state) === JSON.stringify(there.opens);
      return isSame ? there : walks({ ...there, opens: event.state });
    }
    case 'files not read':
      return { ...lab, unread: { kind: 'files', because: event.because } };
    case 'files too large':
      return { ...lab, unread: { kind: 'too large', size: event.size } };
    case 'link opened':
      return opened(lab, event.fragment, event.decoded);
    case 'link made': {
      if (event.text !== lab.text) return lab;
      return { ...lab, link: event.link.kind === 'encoded' ? event.link.part : null };
    }
    case 'progress': {
      if (event.number !== lab.reading?.number) return lab;
      const { done, doing } = event;
      return { ...lab, inspecting: { state: 'working', done, doing }, own: null };
    }
    case 'inspection': {
      const { number: reading, inspection, words } = event;
      if (reading !== lab.reading?.number) return lab;
      const inspected: LabSession = {
        ...lab,
        inspecting: { state: 'ready', reading, inspection, words },
      };
      // It is told twice: the second time with the walks of the six types.
      return isRead(lab) ? inspected : walks(inspected);
    }
    case 'not inspected':
      if (event.number !== lab.reading?.number) return lab;
      return { ...lab, reading: null, inspecting: { state: 'failed', because: event.because }, own: null };
    case 'connection':
      if (event.number !== lab.own?.number) return lab;
      return { ...lab, own: { ...lab.own, result: event.result } };
  }
}

function put(lab: LabSession, text: string): LabSession {
  // What is there stays.
  if (text.length > largestPaste) return { ...lab, unread: { kind: 'too large', size: text.length } };
  const isFromLink = lab.isFromLink && text === lab.text;
  return reads({ ...lab, unread: null, isFromLink }, text, 0);
}

/** Whether what is shown is of the text that is there. */
function isRead({ inspecting, reading }: LabSession): boolean {
  return inspecting.state === 'ready' && inspecting.reading === reading?.number;
}

/** The same text is read again only where it was not read to its end. */
function reads(lab: LabSession, text: string, pod: number): LabSession {
  const { inspecting } = lab;
  const isSame = text === lab.text;
  if (isSame && pod === lab.pod && lab.reading !== null) return lab;
  const next: LabSession = { ...lab, text, pod, link: isSame ? lab.link : null };
  if (text.trim() === '') return { ...next, call: null, reading: null, inspecting: idle, own: null };
  const number = lab.asked + 1;
  return {
    ...next,
    asked: number,
    reading: { number, text, pod },
    inspecting: inspecting.state === 'ready' ? inspecting : { state: 'working', done: 0, doing: 'start' },
  };
}

/** Walks what was opened, as soon as the rules are there; only on rules that are a pod's. */
function walks(lab: LabSession): LabSession {
  const scenario = lab.inspecting.state === 'ready' ? lab.inspecting.inspection.asksWith : null;
  if (!isRead(lab) || scenario === null) return { ...lab, own: null };
  const state = lab.opens ?? { scenario };
  const number = lab.asked + 1;
  return { ...lab, asked: number, own: { number, state, result: null } };
}

function opened(lab: LabSession, fragment: string, decoded: DecodedDump): LabSession {
  const call = readCall(fragment);
  if (decoded.kind === 'none') return call === null ? lab : { ...lab, call };
  const there = { ...put(lab, decoded.text), call };
  if (decoded.kind === 'dump') return { ...there, isFromLink: true };
  const connection = decoded.text === '' ? withoutDump(fragment) : null;
  return { ...there, unread: { kind: 'link', damaged: decoded, connection } };
}
