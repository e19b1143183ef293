// A server as bench/rolling has them under pm2's cluster mode: it says when it is ready, and ends what it has begun before it ends.
'use strict';
const net = require('net');
const server = net.createServer({ allowHalfOpen: true }, (connection) => {
  connection.once('data', (word) => connection.end(`${process.pid} ${word}`));
  connection.on('error', () => connection.destroy());
});
server.listen({ port: Number(process.env.ROLLING_PORT), host: '127.0.0.1', backlog: 4096 }, () => process.send('ready'));
process.on('SIGINT', () => server.close(() => process.exit(0)));
