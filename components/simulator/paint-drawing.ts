/**
 * Paints a diagram's shapes on a canvas, one by one. A picture of it would be shorter to take, but a strict
 * content security policy lets a page load no picture of its own making.
 */

/** `drawing` stands in the page and has its looks as attributes. */
export function paint(
  drawing: SVGSVGElement,
  width: number,
  height: number,
  sharpness: number,
): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * sharpness);
  canvas.height = Math.ceil(height * sharpness);
  const context = canvas.getContext('2d');
  if (context === null) return Promise.reject(new Error('this browser gives no canvas to paint on.'));
  const [left = 0, top = 0] = (drawing.getAttribute('viewBox') ?? '').split(' ').map(Number);
  context.scale(sharpness, sharpness);
  context.translate(-left, -top);
  for (const shape of drawing.querySelectorAll<SVGElement>('line, rect, circle, path, polygon, text')) {
    if (shape.closest('defs') === null) paintShape(context, shape);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the canvas stayed empty.')) : resolve(blob)));
  });
}

function paintShape(context: CanvasRenderingContext2D, shape: SVGElement): void {
  const look = (name: string) => shape.getAttribute(name) ?? '';
  context.globalAlpha = Number(look('fill-opacity') || 1);
  context.fillStyle = look('fill') === 'none' ? 'transparent' : look('fill');
  context.strokeStyle = look('stroke') === 'none' ? 'transparent' : look('stroke');
  context.lineWidth = Number.parseFloat(look('stroke-width') || '1');
  const dashes = look('stroke-dasharray');
  context.setLineDash(dashes === '' ? [] : dashes.split(/[\s,]+/).map(Number.parseFloat));
  if (shape.localName === 'text') paintText(context, shape as SVGTextElement);
  else {
    const outline = outlineOf(shape);
    context.fill(outline);
    context.stroke(outline);
    if (shape.hasAttribute('marker-end')) paintHead(context, shape as unknown as SVGGeometryElement);
  }
  context.globalAlpha = 1;
}

function outlineOf(shape: SVGElement): Path2D {
  const number = (name: string) => Number(shape.getAttribute(name) ?? 0);
  const outline = new Path2D();
  switch (shape.localName) {
    case 'path':
      return new Path2D(shape.getAttribute('d') ?? '');
    case 'line':
      outline.moveTo(number('x1'), number('y1'));
      outline.lineTo(number('x2'), number('y2'));
      break;
    case 'rect':
      outline.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
      break;
    case 'circle':
      outline.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
      break;
    default: {
      const points = (shape.getAttribute('points') ?? '')
        .trim()
        .split(/[\s,]+/)
        .map(Number);
      for (let at = 0; at + 1 < points.length; at += 2) outline.lineTo(points[at] ?? 0, points[at + 1] ?? 0);
      outline.closePath();
    }
  }
  return outline;
}

/** The arrow's head, where its line ends. */
function paintHead(context: CanvasRenderingContext2D, line: SVGGeometryElement): void {
  const length = line.getTotalLength();
  const end = line.getPointAtLength(length);
  const before = line.getPointAtLength(Math.max(0, length - 2));
  context.save();
  context.translate(end.x, end.y);
  context.rotate(Math.atan2(end.y - before.y, end.x - before.x));
  context.fillStyle = context.strokeStyle;
  context.fill(new Path2D('M1 0L-8 -4.5L-8 4.5z'));
  context.restore();
}

function paintText(context: CanvasRenderingContext2D, text: SVGTextElement): void {
  const lines = text.children.length > 0 ? [...text.children] : [text];
  const style = getComputedStyle(text);
  const { textAnchor } = style;
  context.textAlign = textAnchor === 'middle' ? 'center' : textAnchor === 'end' ? 'right' : 'left';
  for (const line of lines) {
    const own = getComputedStyle(line);
    context.font = `${own.fontWeight} ${own.fontSize} ${own.fontFamily}`;
    const place = [Number(line.getAttribute('x') ?? 0), Number(line.getAttribute('y') ?? 0)] as const;
    // A ground around the letters, first.
    if (own.paintOrder.startsWith('stroke')) context.strokeText(line.textContent ?? '', ...place);
    context.fillStyle = own.fill;
    context.fillText(line.textContent ?? '', ...place);
  }
}
