// Drives a realm with npm's wampy over WebSocket. Takes an address, a serializer, a method of authentication with its secret, and what to do.
// Prints a line for each thing done.
const { Wampy } = require('wampy');
const { JsonSerializer } = require('wampy/JsonSerializer.js');
const { MsgpackSerializer } = require('wampy/MsgpackSerializer.js');
const { CborSerializer } = require('wampy/CborSerializer.js');
const { pathToFileURL } = require('url');
const cryptosign = require('wampy/cryptosign.js');
const { w3cwebsocket } = require('websocket');

const [url, serializer, method, secret, task] = process.argv.slice(2);
const say = (...words) => console.log(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));

const serializers = { json: JsonSerializer, msgpack: MsgpackSerializer, cbor: CborSerializer };

async function authentication() {
    if (method === 'anonymous') {
        return {};
    }
    // Its module of WAMP-CRA cannot be required, only imported.
    const cra = await import(pathToFileURL(require.resolve('wampy/wampcra.js')).href);
    const plugins = { ticket: () => secret, wampcra: cra.sign(secret), cryptosign: method === 'cryptosign' ? cryptosign.sign(secret) : undefined };
    const keys = require('tweetnacl').sign.keyPair;
    return {
        authid: 'joe',
        authmethods: [method],
        authMode: 'auto',
        authPlugins: { [method]: plugins[method] },
        authextra: method === 'cryptosign' ? { pubkey: Buffer.from(keys.fromSeed(Buffer.from(secret, 'hex')).publicKey).toString('hex') } : {},
    };
}

async function drive(wampy) {
    let heard;
    const event = new Promise((resolve) => (heard = resolve));
    await wampy.subscribe('test.topic', (data) => heard([data.argsList, data.argsDict]));
    // It cannot ask for its own events.
    const payload = { argsList: [1, 'zwö'], argsDict: { key: [true, null, 1.5] } };
    await wampy.publish('test.topic', payload);
    await wampy.call('test.tell', payload);
    say('event', await event);
    await wampy.register('client.add', (data) => ({ argsList: [data.argsList[0] + data.argsList[1]] }));
    say('own', (await wampy.call('client.add', [2, 3])).argsList[0]);
    say('asked', (await wampy.call('test.ask', ['client.add'])).argsList[0]);
    const parts = [];
    const last = await wampy.call('test.count', [5], { progress_callback: (data) => parts.push(data.argsList[0]) });
    say('parts', parts, last.argsList[0]);
    const text = 'x'.repeat(200000);
    if ((await wampy.call('test.echo', [text])).argsList[0] !== text) {
        throw new Error('the echo differs');
    }
    say('echo');
    for (const procedure of ['test.missing', 'secret.thing', 'test.fail']) {
        await wampy.call(procedure).catch((error) => say('error', error.errorUri));
    }
}

async function main() {
    const wampy = new Wampy(url, {
        realm: 'realm',
        serializer: new serializers[serializer](),
        ws: w3cwebsocket,
        autoReconnect: false,
        onClose: () => say('ended'),
        ...(await authentication()),
    });
    try {
        const details = await wampy.connect();
        say('joined', details.authid, details.authrole, details.authmethod);
        if (task === 'slow') {
            await wampy.subscribe('test.topic', () => {});
            say('subscribed');
            return;
        }
        await drive(wampy);
        await wampy.disconnect();
    } catch (error) {
        say('failed', String(error.errorUri || error.message || error));
        await wampy.disconnect().catch(() => {});
    }
}

main();
