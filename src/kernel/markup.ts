/** What a picture has room for. */
const MAX_LABEL = 160;

/**
 * Text for a quoted Mermaid label. Whatever could end the quote, be read as markup or as a directive, or is no letter
 * of any alphabet, digit or plain punctuation, becomes an entity code (`#35;`), which Mermaid shows as the character.
 * What a report says can come from anywhere: nothing of it may be syntax.
 */
export const mermaidText = (text: string): string =>
  oneLine(text).replaceAll(
    /[^\p{L}\p{M}\p{N} .,_/@=+-]/gu,
    (character) => `#${String(character.codePointAt(0))};`,
  );

/** Text within a line of Markdown, with nothing in it that Markdown or HTML would read as markup. */
export const markdownText = (text: string, longest = MAX_LABEL): string =>
  oneLine(text, longest)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~:@.-]/g, (character) =>
      // A bare address or mention becomes a link; a full stop after digits a list.
      character === '.' || character === '-'
        ? character
        : character === ':' || character === '@'
          ? entity(character)
          : `\\${character}`,
    )
    .replace(/^(\d+)\./, '$1\\.')
    .replace(/^-/, '\\-');

const entity = (character: string): string => `&#${String(character.codePointAt(0))};`;

/** Control characters and those that turn the direction of text would hide what is there. */
function oneLine(text: string, longest = MAX_LABEL): string {
  const plain = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...plain];
  return characters.length <= longest ? plain : `${characters.slice(0, longest - 1).join('')}…`;
}
