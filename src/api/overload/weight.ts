import {
  Kind,
  valueFromASTUntyped,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Arguments that ask many questions in one: of `evaluateGates` and of `evaluatePolicies`. */
const BATCHES = ['questions', 'inputs'] as const;

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** As how many requests a GraphQL request counts: one per field that it asks for, and per question of a batch. */
export function weightOf(document: DocumentNode, variables: Variables): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  let weight = 0;
  // A document may hold several operations of which one is asked for; the heaviest counts.
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION)
      weight = Math.max(weight, weightOfAll(definition.selectionSet, fragments, variables));
  return Math.max(1, weight);
}

/** The document is valid: no fragment is spread within itself. */
function weightOfAll(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Variables,
): number {
  let weight = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) weight += weightOfField(selection, variables);
    else {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inner) weight += weightOfAll(inner.selectionSet, fragments, variables);
    }
  }
  return weight;
}

function weightOfField({ arguments: given = [] }: FieldNode, variables: Variables): number {
  let weight = 1;
  for (const { value } of given) {
    const input = valueFromASTUntyped(value, variables) as Record<string, unknown> | null | undefined;
    for (const name of BATCHES) {
      const batch = input?.[name];
      if (Array.isArray(batch)) weight = Math.max(weight, batch.length);
    }
  }
  return weight;
}
