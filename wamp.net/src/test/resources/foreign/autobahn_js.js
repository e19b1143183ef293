// Drives a realm with npm's autobahn over WebSocket. Takes an address, a serializer, a method of authentication with its secret, and what to do.
// Prints a line for each thing done.
const autobahn = require('autobahn');

const [url, serializer, method, secret, task] = process.argv.slice(2);
const say = (...words) => console.log(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));

const serializers = {
    json: () => new autobahn.serializer.JSONSerializer(),
    msgpack: () => new autobahn.serializer.MsgpackSerializer(),
    cbor: () => new autobahn.serializer.CBORSerializer(),
};
const answers = {
    ticket: () => secret,
    wampcra: (extra) => autobahn.auth_cra.sign(secret, extra.challenge),
    cryptosign: (extra) => autobahn.auth_cryptosign.sign_challenge(key, extra),
};
const key = method === 'cryptosign' ? autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(secret, 'hex')) : null;
const connection = new autobahn.Connection({
    url,
    realm: 'realm',
    serializers: [serializers[serializer]()],
    authid: method === 'anonymous' ? undefined : 'joe',
    authmethods: [method],
    authextra: key ? { pubkey: autobahn.auth_cryptosign.public_key(key) } : undefined,
    onchallenge: (session, asked, extra) => answers[asked](extra),
    max_retries: 0,
    retry_if_unreachable: false,
});

async function drive(session) {
    let heard;
    const event = new Promise((resolve) => (heard = resolve));
    await session.subscribe('test.topic', (args, kwargs) => heard([args, kwargs]));
    await session.publish('test.topic', [1, 'zwö'], { key: [true, null, 1.5] }, { acknowledge: true, exclude_me: false });
    say('event', await event);
    await session.register('client.add', (args) => args[0] + args[1]);
    say('own', await session.call('client.add', [2, 3]));
    say('asked', await session.call('test.ask', ['client.add']));
    const parts = [];
    const last = await session.call('test.count', [5], {}, { receive_progress: true }).then(
        (result) => result,
        (error) => error,
        (part) => parts.push(part),
    );
    say('parts', parts, last);
    const text = 'x'.repeat(200000);
    if ((await session.call('test.echo', [text])) !== text) {
        throw new Error('the echo differs');
    }
    say('echo');
    for (const procedure of ['test.missing', 'secret.thing', 'test.fail']) {
        await session.call(procedure).catch((error) => say('error', error.error));
    }
}

connection.onopen = async (session, details) => {
    say('joined', details.authid, details.authrole, details.authmethod);
    if (task === 'slow') {
        await session.subscribe('test.topic', () => {});
        say('subscribed');
        return;
    }
    await drive(session).catch((error) => say('failed', error));
    connection.close();
};
connection.onclose = (reason, details) => {
    say('ended', reason, String(details.reason));
    process.exitCode = 0;
    return true;
};
connection.open();
