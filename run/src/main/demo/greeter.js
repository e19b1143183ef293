// A native worker in Node.js that needs no package: it joins the node by its socket and offers 'greet'. docs/native-protocol.md explains each step.
const net = require('net');

let line = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', text => {
  const begun = line.includes('\n');
  line += text;
  if (!begun && line.includes('\n')) {
    join(JSON.parse(line.slice(0, line.indexOf('\n'))));
  }
});
process.stdin.on('end', () => process.exit(1));  // the node is gone

function join(birth) {
  const own = `${birth.prefix}.worker.${birth.worker.id}.`;
  const procedures = {
    greet: ({name = 'you'}) => `Hello ${name}, from Node.js ${process.version}`,
    shutdown: () => { setTimeout(process.exit, 100, 0); },  // the answer goes first
  };
  const names = Object.keys(procedures);
  let secret = birth.token;
  (function connect() {
    const registrations = {};
    let input = Buffer.alloc(0);
    const socket = net.connect(birth.socket, () => socket.write(Buffer.from([0x7f, 0xf1, 0, 0])));  // RawSocket, JSON
    const send = (...message) => {
      const body = Buffer.from(JSON.stringify(message));
      const head = Buffer.alloc(4);
      head.writeUInt32BE(body.length);
      socket.write(Buffer.concat([head, body]));
    };
    const answers = {
      2: (session, details) => {  // WELCOME
        secret = details.authextra.rejoin;  // the token is spent
        names.forEach((name, i) => send(64, i + 1, {}, own + name));  // REGISTER
      },
      4: () => send(5, secret, {}),  // CHALLENGE, AUTHENTICATE
      65: (request, registration) => {  // REGISTERED
        registrations[registration] = names[request - 1];
        if (Object.keys(registrations).length === names.length) {
          send(48, names.length + 1, {}, own + 'ready',  // CALL
            [{runtime: 'Node.js ' + process.version, capabilities: [], operations: names}]);
        }
      },
      68: (request, registration, details, args, kwargs) =>  // INVOCATION, YIELD
        send(70, request, {}, [procedures[registrations[registration]](kwargs || {})]),
    };
    let shaken = false;
    socket.on('data', data => {
      input = Buffer.concat([input, data]);
      if (!shaken && input.length >= 4) {
        shaken = true;
        input = input.subarray(4);
        send(1, birth.realm, {authmethods: ['ticket'], authid: birth.worker.id, roles: {caller: {}, callee: {}}});  // HELLO
      }
      while (shaken && input.length >= 4 && input.length >= 4 + input.readUIntBE(1, 3)) {
        const end = 4 + input.readUIntBE(1, 3);
        if (input[0] === 0) {
          const [code, ...rest] = JSON.parse(input.subarray(4, end));
          (answers[code] || (() => {}))(...rest);
        }
        input = input.subarray(end);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => setTimeout(connect, 500));  // a lost channel is no end
  })();
}
