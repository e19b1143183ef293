// A member of the chat, a worker of the node: node chat.js NAME TICKET [URL [REALM]]. What comes by standard input is said.
// Needs the npm package autobahn.
const autobahn = require('autobahn');
const [name, ticket, url = 'ws://127.0.0.1:8080/ws', realm = 'chat'] = process.argv.slice(2);
const connection = new autobahn.Connection({
    url, realm, authmethods: ['ticket'], authid: name, onchallenge: () => ticket,
    max_retries: -1, initial_retry_delay: 0.2, max_retry_delay: 1,
});
connection.onopen = async (session) => {
    await session.subscribe('com.example.chat', ([text], _, event) => {
        console.log(event.publisher_authid + ':', text);
        if (text === 'who is there?') {
            session.publish('com.example.chat', [name + ' is']);
        }
    });
    console.log(name, 'is there');
    session.call('com.example.chat.close').catch((error) => console.log('not allowed:', error.error));
};
connection.onclose = (reason, details) => {
    console.log(name, 'waits for the router:', details.reason || reason);
    // autobahn tries again after a lost connection, and not after a GOODBYE, which a router says that is stopped.
    if (!details.will_retry && String(details.reason).startsWith('wamp.close.')) {
        setTimeout(() => connection.open(), 500);
    }
};
connection.open();
require('readline').createInterface({ input: process.stdin }).on('line', (line) => connection.session?.publish('com.example.chat', [line]));
