import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Answer, TestApplication } from './application.js';

/** The first answer of a subscription, over a real socket. */
export async function subscribed(
  { api }: TestApplication,
  token: string,
  payload: { readonly query: string; readonly variables: object },
): Promise<Answer> {
  const url = `${(await api.getUrl()).replace(/^http/, 'ws')}/graphql`;
  const client = createClient({
    ...{
      url,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${token}` },
    },
  });
  try {
    for await (const answer of client.iterate(payload as never)) return answer;
    return { data: null };
  } catch (error) {
    return { errors: error };
  } finally {
    await client.dispose();
  }
}
