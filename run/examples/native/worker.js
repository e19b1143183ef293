// A native worker in Node.js: {"type": "process", "id": "js", "executable": "node", "arguments": ["/path/to/worker.js"]} in node.json.
// Needs the npm package autobahn. docs/native-protocol.md explains each step.
const autobahn = require('autobahn');

let line = '';
process.stdin.on('data', data => {
  const begun = line.includes('\n');
  line += data;
  if (!begun && line.includes('\n')) {
    join(JSON.parse(line.slice(0, line.indexOf('\n'))));
  }
});
process.stdin.on('end', () => process.exit(1));  // the node is gone

function join(birth) {
  const own = `${birth.prefix}.worker.${birth.worker.id}.`;
  let secret = birth.token;
  const connection = new autobahn.Connection({
    realm: birth.realm,
    authmethods: ['ticket'],
    authid: birth.worker.id,
    onchallenge: () => secret,
    transports: [{type: 'rawsocket', path: birth.socket, protocol: 'wamp.2.json'}],
    max_retries: -1, initial_retry_delay: 0.05, max_retry_delay: 1,
  });
  connection.onopen = async (session, details) => {
    secret = details.authextra.rejoin;  // the token is spent
    await session.register(own + 'add', (args, {a, b}) => a + b);
    await session.register(own + 'shutdown', () => { setTimeout(process.exit, 100, 0); });  // the answer goes first
    const info = {runtime: 'Node.js ' + process.version, capabilities: [], operations: ['add', 'shutdown']};
    await session.call(own + 'ready', [info]);
  };
  // autobahn tries again after a lost connection, and not after a GOODBYE, which the node says when its router is taken away.
  connection.onclose = (reason, {will_retry}) => { if (!will_retry) { setTimeout(() => connection.open(), 500); } };
  connection.open();
}
