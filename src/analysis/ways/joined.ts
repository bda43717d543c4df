/** The same packets in fewer sets. */
import { type Box, type Intervals, meet, ordered, subtract } from './packet-set.ts';

/** Sets that differ in one field are one set. Their number only goes down; the packets stay the same. */
export function joined(boxes: readonly Box[]): readonly Box[] {
  if (boxes.length < 2) return boxes;
  const numbers = new Numbers();
  const fields = [...(boxes[0] as Box).keys()];
  let now: readonly Numbered[] = boxes.map((box) => ({
    box,
    numbers: fields.map((field) => numbers.of(box.get(field) ?? [])),
  }));
  for (;;) {
    const before = now.length;
    for (const [at, field] of fields.entries()) now = joinedIn(now, field, at, numbers);
    if (now.length === before) return now.map(({ box }) => box);
  }
}

/** A set, and the number of what it has in each field: what is compared again and again is short. */
interface Numbered {
  readonly box: Box;
  readonly numbers: readonly number[];
}

class Numbers {
  private readonly byText = new Map<string, number>();
  private readonly known = new Map<Intervals, number>();

  of(intervals: Intervals): number {
    const before = this.known.get(intervals);
    if (before !== undefined) return before;
    const text = textOf(intervals);
    const number = this.byText.get(text) ?? this.byText.size;
    this.byText.set(text, number);
    this.known.set(intervals, number);
    return number;
  }
}

/** Written once: the sets of a survey's ways are asked about rule by rule. */
const texts = new WeakMap<Intervals, string>();

function textOf(intervals: Intervals): string {
  const before = texts.get(intervals);
  if (before !== undefined) return before;
  const text = intervals.join(' ');
  texts.set(intervals, text);
  return text;
}

function joinedIn(
  boxes: readonly Numbered[],
  field: string,
  at: number,
  numbers: Numbers,
): readonly Numbered[] {
  // Field by field: sets that were alike so far and have the same in this one, too, are alike.
  let groups = boxes.map(() => 0);
  let amount = 1;
  const width = boxes[0]?.numbers.length ?? 0;
  for (let other = 0; other < width; other++) {
    if (other === at) continue;
    const first = boxes[0]?.numbers[other];
    if (boxes.every((box) => box.numbers[other] === first)) continue;
    const pairs = new Map<number, number>();
    groups = groups.map((group, of) => {
      const pair = group * pairedBy + ((boxes[of] as Numbered).numbers[other] as number);
      const number = pairs.get(pair) ?? pairs.size;
      pairs.set(pair, number);
      return number;
    });
    amount = pairs.size;
    if (amount === boxes.length) return boxes;
  }
  const alike: Numbered[][] = Array.from({ length: amount }, () => []);
  for (const [of, group] of groups.entries()) alike[group]?.push(boxes[of] as Numbered);
  return alike.map((same) => {
    const [first] = same as [Numbered];
    if (same.length === 1) return first;
    const all: Intervals = ordered(same.flatMap(({ box }) => box.get(field) ?? []));
    return { box: new Map(first.box).set(field, all), numbers: first.numbers.with(at, numbers.of(all)) };
  });
}

/** More than there are different sets of values. */
const pairedBy = 2 ** 24;

/** Larger ones are left as they are. */
const mostCovered = 60;

/**
 * The same packets in sets that are as wide as they can be, and may overlap: what people would say. Each field is
 * opened to all that any packet has, where that adds none; `every` has them all.
 */
export function widest(boxes: readonly Box[], whole: Box, every: readonly Box[]): readonly Box[] {
  const apart = joined(boxes);
  if (apart.length > mostCovered) return apart;
  const wide = apart.map((box) => {
    let now = box;
    for (const [field, all] of whole) {
      const wider: Box = new Map(now).set(field, all);
      if (isWithin(wider, apart, every)) now = wider;
    }
    return now;
  });
  // Of two that say the same one stays; one that others hold together goes.
  const kept: Box[] = [];
  for (const [at, box] of wide.entries())
    if (!isWithin(box, [...wide.slice(at + 1), ...kept], every)) kept.push(box);
  return joined(kept);
}

/** Whether these sets have every packet of the box. A protocol without ports and a port go together in none. */
function isWithin(box: Box, boxes: readonly Box[], every: readonly Box[]): boolean {
  let rest: readonly Box[] = every.flatMap((one) => meet(box, one) ?? []);
  for (const one of boxes) {
    rest = rest.flatMap((part) => subtract(part, one));
    if (rest.length === 0) return true;
    if (rest.length > 4 * mostCovered) return false;
  }
  return rest.length === 0;
}
