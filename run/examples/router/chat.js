// A member of a chat: node chat.js NAME TICKET; what is typed is said. Needs npm's autobahn (NODE_PATH).
const autobahn = require('autobahn');
const [name, ticket] = process.argv.slice(2);
const connection = new autobahn.Connection({
    url: 'ws://127.0.0.1:8080/ws', realm: 'chat', authmethods: ['ticket'], authid: name, onchallenge: () => ticket,
    max_retries: -1, initial_retry_delay: 0.2, max_retry_delay: 1,
});
connection.onopen = (session) => {
    console.log(name, 'is there');
    session.subscribe('com.example.chat', ([text], _, event) => {
        console.log(event.publisher_authid + ':', text);
        if (text === 'who is there?') {
            session.publish('com.example.chat', [name + ' is']);
        }
    });
    session.call('com.example.chat.close').catch((error) => console.log('not allowed:', error.error));
};
connection.onclose = (reason) => (console.log(name, 'waits for the router:', reason), false);
connection.open();
require('readline').createInterface({ input: process.stdin }).on('line', (line) => connection.session?.publish('com.example.chat', [line]));
