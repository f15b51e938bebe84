import { contextFault } from './process-context.js';

test.each([{}, { caseId: 'CASE-1', actId: 'ACT_BUILD', role: 'QA' }, { caseId: 'shop/STORY#12' }])(
  '%j says where in the process something happens',
  (context) => {
    expect(contextFault(context)).toBeUndefined();
  },
);

test.each([
  [{ caseId: 'Jane Doe told me' }, 'caseId'],
  [{ caseId: '' }, 'caseId'],
  [{ actId: 'whatever' }, 'actId'],
  [{ role: 'quality' }, 'role'],
])('%j could hold prose and is refused at %s', (context, path) => {
  expect(contextFault(context)?.path).toBe(path);
});
