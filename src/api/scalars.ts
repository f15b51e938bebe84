import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { GraphQLError, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import type { JsonValue } from '../kernel/canonical-json.js';
import { parseRfc3339, toRfc3339, type Instant } from '../kernel/clock.js';
import { parseDigest, type Digest } from '../kernel/digest.js';

/** A scalar's refusal must be a GraphQLError, otherwise the caller's mistake looks like ours. */
const refuse = (what: string): never => {
  throw new GraphQLError(what, { extensions: { code: 'BAD_REQUEST' } });
};

const textOf = (node: ValueNode, what: string): string =>
  node.kind === Kind.STRING ? node.value : refuse(what);

@Scalar('DateTime')
export class DateTimeScalar implements CustomScalar<string, Instant> {
  readonly description = 'RFC 3339 date-time';

  serialize(value: unknown): string {
    return toRfc3339(value as Instant);
  }

  parseValue(value: unknown): Instant {
    const instant = typeof value === 'string' ? parseRfc3339(value) : undefined;
    return instant ?? refuse('DateTime must be RFC 3339 with a zone, e.g. 2026-11-20T19:30:00Z');
  }

  parseLiteral(node: ValueNode): Instant {
    return this.parseValue(textOf(node, 'DateTime must be a string'));
  }
}

@Scalar('Digest')
export class DigestScalar implements CustomScalar<string, Digest> {
  readonly description = 'algorithm:hex';

  serialize(value: unknown): string {
    return String(value);
  }

  parseValue(value: unknown): Digest {
    const parsed = parseDigest(String(value));
    return parsed.ok ? parsed.value : refuse(`Digest must be ${parsed.problem.expected}`);
  }

  parseLiteral(node: ValueNode): Digest {
    return this.parseValue(textOf(node, 'Digest must be a string'));
  }
}

@Scalar('JSON')
export class JsonScalar implements CustomScalar<JsonValue, JsonValue> {
  readonly description = 'any JSON value';

  serialize(value: unknown): JsonValue {
    return value as JsonValue;
  }

  parseValue(value: unknown): JsonValue {
    return value as JsonValue;
  }

  parseLiteral(node: ValueNode): JsonValue {
    return valueFromASTUntyped(node) as JsonValue;
  }
}

@Scalar('Long')
export class LongScalar implements CustomScalar<number, number> {
  readonly description = 'an integer up to 2^53 - 1';

  serialize(value: unknown): number {
    return Number(value);
  }

  parseValue(value: unknown): number {
    return Number.isSafeInteger(value)
      ? (value as number)
      : refuse('Long must be an integer of at most 2^53 - 1');
  }

  parseLiteral(node: ValueNode): number {
    return this.parseValue(node.kind === Kind.INT ? Number(node.value) : undefined);
  }
}

export const SCALARS = [DateTimeScalar, DigestScalar, JsonScalar, LongScalar];
