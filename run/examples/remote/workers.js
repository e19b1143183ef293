// Shows the workers of a node and restarts one: node workers.js NODE_DIRECTORY [WORKER]
// Needs the npm package autobahn. Over the node's own socket its user is an operator.
const autobahn = require('autobahn');
const [directory, worker] = process.argv.slice(2);
const connection = new autobahn.Connection({
  realm: 'millwright',
  authmethods: ['anonymous'],
  transports: [{type: 'rawsocket', path: directory + '/run/wamp.sock', protocol: 'wamp.2.json'}],
  max_retries: 0,
});
connection.onopen = async session => {
  try {
    for (const one of await session.call('millwright.list_workers', ['all'])) {
      console.log(one.id, one.type, one.status, one.pid || '-');
    }
    if (worker) {
      const started = await session.call('millwright.restart_worker', [worker]);
      console.log(started.id, 'restarted, pid', started.pid);
    }
  } catch (error) {
    console.error(error.error, error.args && error.args[0]);
    process.exitCode = 1;
  }
  connection.close();
};
connection.onclose = reason => { if (reason === 'unreachable') { console.error('no node there'); process.exitCode = 1; } };
connection.open();
