// Stands in for a door where only the supervision is under test: says it is ready, and ends when told to.
import { createServer } from 'node:http';
import { runDoor } from '../../dist/src/app/doors/door.io.js';

if (process.env.STUB_BROKEN) throw new Error('this door is broken');

await runDoor('api', async (config) => {
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.exit(3);
    response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ok');
  });
  await new Promise((resolve) => server.listen(config.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
});
