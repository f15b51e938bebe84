import type { ASTNode, StringValueNode, Token } from 'graphql';
import type { Comment } from './tree.js';

/** Of a document without definitions. */
export function onlyComments(definitions: readonly unknown[], text: string): Comment | undefined {
  const comments = definitions.length === 0 ? (text.match(/#[^\n\r]*/g) ?? []) : [];
  return comments.length === 0 ? undefined : { List: comments.map((Value) => ({ Value })) };
}

export function commentBefore(token: Token | undefined): Comment | undefined {
  const list: { Value: string }[] = [];
  for (let each = token?.prev; each?.kind === 'Comment'; each = each.prev)
    list.push({ Value: `#${each.value}` });
  return list.length === 0 ? undefined : { List: list.reverse() };
}

/** The comment before a node. */
export const commentOf = (node: ASTNode): Comment | undefined => commentBefore(node.loc?.startToken);

interface Described {
  readonly Description: string;
  readonly BeforeDescriptionComment: Comment | undefined;
  readonly AfterDescriptionComment: Comment | undefined;
}

/** What stands before a description, and between it and what it describes. */
export function described(node: ASTNode & { readonly description?: StringValueNode | undefined }): Described {
  const { description, loc } = node;
  const keyword = description ? nextOf(description.loc?.endToken) : loc?.startToken;
  return {
    Description: description?.value ?? '',
    BeforeDescriptionComment: description && commentOf(description),
    AfterDescriptionComment: commentBefore(keyword),
  };
}

function nextOf(token: Token | undefined): Token | undefined {
  let next = token?.next;
  while (next?.kind === 'Comment') next = next.next;
  return next ?? undefined;
}

/** The comment before the brace that ends a definition. */
export const endOf = (node: ASTNode): { readonly EndOfDefinitionComment: Comment | undefined } => ({
  EndOfDefinitionComment: node.loc?.endToken.kind === '}' ? commentBefore(node.loc.endToken) : undefined,
});
