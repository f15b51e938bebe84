import { ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { httpStatus, isInternal, publicErrors } from './public-errors.js';

const shown = (error: GraphQLError) =>
  publicErrors(error, 'req-7').map(({ message, extensions }) => ({ message, code: extensions['code'] }));

test('our own fault is masked and names the request under which the log has it', () => {
  const error = new GraphQLError('boom', {
    path: ['gates'],
    originalError: new Error('password=hunter2 at postgres://'),
  });
  expect(shown(error)).toEqual([
    { message: 'Internal error; the log has it under request req-7', code: 'INTERNAL' },
  ]);
  expect(publicErrors(error, 'req-7').every(isInternal)).toBe(true);
});

test("a null where the schema promises none is our fault too, although it looks like the caller's", () => {
  expect(shown(new GraphQLError('Cannot return null', { path: ['viewer'] }))[0]?.code).toBe('INTERNAL');
});

test("the caller's mistakes are shown, each of them", () => {
  const cause = Object.assign(new Error('validation'), {
    errors: [new GraphQLError('a'), new GraphQLError('b')],
  });
  expect(shown(new GraphQLError('Graphql validation error', { originalError: cause }))).toEqual([
    { message: 'a', code: 'BAD_REQUEST' },
    { message: 'b', code: 'BAD_REQUEST' },
  ]);
  expect(shown(new GraphQLError('Syntax Error: Unexpected }'))).toEqual([
    { message: 'Syntax Error: Unexpected }', code: 'BAD_REQUEST' },
  ]);
});

test('who is not known and who may not are told apart', () => {
  const wrapped = (cause: Error) =>
    new GraphQLError(cause.message, { path: ['gates'], originalError: cause });
  expect(shown(wrapped(new UnauthorizedException('the token has expired')))).toEqual([
    { message: 'the token has expired', code: 'UNAUTHENTICATED' },
  ]);
  expect(shown(wrapped(new ForbiddenException('gate.read: role-lacks-permission')))).toEqual([
    { message: 'gate.read: role-lacks-permission', code: 'FORBIDDEN' },
  ]);
});

test('a body that was never read is the caller’s mistake, under the status it was refused with', () => {
  const cause = Object.assign(new Error('Request body is too large'), {
    code: 'FST_ERR_CTP_BODY_TOO_LARGE',
    statusCode: 413,
  });
  const error = new GraphQLError(cause.message, { originalError: cause });
  expect(shown(error)).toEqual([{ message: 'Request body is too large', code: 'BAD_REQUEST' }]);
  expect(httpStatus(error)).toBe(413);
  expect(httpStatus(new GraphQLError('Syntax Error'))).toBe(200);
  expect(httpStatus(undefined)).toBe(200);
});
