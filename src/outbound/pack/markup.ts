/** HTML that is safe to put into HTML. Only `markup` and `raw` make it, so what was not escaped cannot get in. */
export class Markup {
  constructor(readonly text: string) {}
}

/** Text of our own, as it stands. */
export const raw = (text: string): Markup => new Markup(text);

/** Template tag: every value is escaped for element content and quoted attributes, unless it is markup already. */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[])[]
): Markup {
  let text = '';
  parts.forEach((part, i) => {
    text += part + shown(values[i] ?? '');
  });
  return new Markup(text);
}

function shown(value: string | Markup | readonly Markup[]): string {
  if (typeof value === 'string') return escaped(value);
  return value instanceof Markup ? value.text : value.map((item) => item.text).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
