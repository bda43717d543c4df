/** A colour of CSS, as far as its contrast is computed: hexadecimal, rgb() and hsl(). */

/** Red, green and blue, 0 to 255 each. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Null where it is none of the three, or lets something shine through. */
export function readColour(text: string): Colour | null {
  const hex = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/i.exec(text.trim());
  if (hex !== null) {
    const digits = hex[2] ?? [...(hex[1] ?? '')].map((digit) => digit + digit).join('');
    return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Colour;
  }
  const parts = /^(rgb|hsl)\(\s*([\d.]+)(?:deg)?[\s,]+([\d.]+)(%?)[\s,]+([\d.]+)(%?)\s*\)$/i.exec(
    text.trim(),
  );
  if (parts === null) return null;
  const [first, second, third] = [parts[2], parts[3], parts[5]].map(Number) as [number, number, number];
  if (parts[1]?.toLowerCase() === 'hsl')
    return parts[4] === '%' && parts[6] === '%' ? fromHue(first, second, third) : null;
  return Math.max(first, second, third) <= 255 && parts[4] === '' && parts[6] === ''
    ? [first, second, third]
    : null;
}

function fromHue(hue: number, saturation: number, lightness: number): Colour | null {
  if (saturation > 100 || lightness > 100) return null;
  const light = lightness / 100;
  const spread = (saturation / 100) * Math.min(light, 1 - light);
  const part = (shift: number): number => {
    const place = (shift + hue / 30) % 12;
    return 255 * (light - spread * Math.max(-1, Math.min(place - 3, 9 - place, 1)));
  };
  return [part(0), part(8), part(4)];
}

/** As WCAG 2 defines it: 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
