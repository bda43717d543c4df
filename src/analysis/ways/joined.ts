/** The same packets in fewer sets. */
import { type Box, type Intervals, meet, ordered, subtract } from '../reach/packet-set.ts';

/** Sets that differ in one field are one set. Their number only goes down; the packets stay the same. */
export function joined(boxes: readonly Box[]): readonly Box[] {
  let now = boxes;
  for (;;) {
    const before = now.length;
    for (const field of now[0]?.keys() ?? []) now = joinedIn(now, field);
    if (now.length === before) return now;
  }
}

function joinedIn(boxes: readonly Box[], field: string): readonly Box[] {
  const alike = new Map<string, Box[]>();
  for (const box of boxes) {
    const key = written(box, field);
    const same = alike.get(key);
    if (same === undefined) alike.set(key, [box]);
    else same.push(box);
  }
  return [...alike.values()].map((same) => {
    const [first] = same;
    if (first === undefined || same.length === 1) return first as Box;
    const all: Intervals = ordered(same.flatMap((box) => box.get(field) ?? []));
    return new Map(first).set(field, all);
  });
}

/** All of a set but this field. */
function written(box: Box, without: string): string {
  const parts: string[] = [];
  for (const [field, intervals] of box) {
    if (field !== without) parts.push(field, intervals.flat().join(','));
  }
  return parts.join(' ');
}

/** Larger ones are left as they are. */
const mostCovered = 60;

/**
 * The same packets in sets that are as wide as they can be, and may overlap: what people would say. Each field is
 * opened to all that any of the sets has, where that adds no packet.
 */
export function widest(boxes: readonly Box[], whole: Box): readonly Box[] {
  const apart = joined(boxes);
  if (apart.length > mostCovered) return apart;
  const wide = apart.map((box) => {
    let now = box;
    for (const [field, all] of whole) {
      const wider: Box = new Map(now).set(field, all);
      if (isWithin(wider, apart, whole)) now = wider;
    }
    return now;
  });
  // Of two that say the same one stays; one that others hold together goes.
  const kept: Box[] = [];
  for (const [at, box] of wide.entries())
    if (!isWithin(box, [...wide.slice(at + 1), ...kept], whole)) kept.push(box);
  return kept;
}

/** Whether these sets have every packet of the box. A protocol without ports and a port go together in none. */
function isWithin(box: Box, boxes: readonly Box[], whole: Box): boolean {
  let rest: readonly Box[] = [box].flatMap((one) => meet(one, whole) ?? []);
  for (const one of boxes) {
    rest = rest.flatMap((part) => subtract(part, one));
    if (rest.length === 0) return true;
    if (rest.length > 4 * mostCovered) return false;
  }
  return rest.length === 0;
}
