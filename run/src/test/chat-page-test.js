// Uses examples/router/chat.html as people do: node chat-page-test.js PAGE node|CHROMIUM [SCREENSHOT]
// As a guest: sees what was said before, and is refused when it says something. As eve with a ticket: says something, is answered.
// "node" runs the page's script in Node.js with as much of a browser as it needs; anything else is the path of a Chromium.
// The npm package ws is needed for both. Prints what the page shows; exits 1, with the sentence, at the first thing that is not so.
const { spawn } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const vm = require('vm');
const WebSocket = require('ws');
const [page, browser, screenshot] = process.argv.slice(2);
const PATIENCE = 30000;
const tick = () => new Promise(done => setTimeout(done, 50));

/** The page's script with the few things of a browser that it uses. */
function inNode() {
  const elements = {};
  const context = {
    WebSocket: class extends WebSocket { constructor(url, protocol) { super(url, protocol, { origin: 'null' }); this.on('error', () => {}); } },
    setTimeout, console,
    document: { getElementById: id => elements[id] ||= { value: '', textContent: '', requestSubmit() { this.onsubmit({ preventDefault() {} }); } } },
    addEventListener: (name, handler) => process.on('unhandledRejection', reason => handler({ reason })),
  };
  vm.createContext(context);
  vm.runInContext(fs.readFileSync(page, 'utf8').match(/<script>([^]*)<\/script>/)[1], context);
  return { evaluate: async text => vm.runInContext(text, context), picture: async () => {}, end: async () => {} };
}

/** A real Chromium, driven by its DevTools protocol. */
async function inChromium() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chromium'));
  const child = spawn(browser, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--remote-debugging-port=0', '--user-data-dir=' + folder,
    'file://' + path.resolve(page)], { stdio: 'ignore', detached: true });
  const gone = new Promise(done => child.on('exit', done));
  const end = async () => {
    try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ }
    await gone;
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const port = await until('Chromium to listen', async () => fs.readFileSync(path.join(folder, 'DevToolsActivePort'), 'utf8').split('\n')[0]);
    const target = await until('its page', async () =>
      (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()).find(one => one.type === 'page' && one.url.startsWith('file:')));
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await new Promise((ok, no) => socket.on('open', ok).on('error', no));
    const answers = new Map();
    socket.on('message', text => { const answer = JSON.parse(text); answers.get(answer.id)?.(answer); });
    const command = (method, params) => new Promise(done => {
      const id = answers.size + 1;
      answers.set(id, done);
      socket.send(JSON.stringify({ id, method, params }));
    });
    return {
      evaluate: async expression => (await command('Runtime.evaluate', { expression, returnByValue: true })).result.result.value,
      picture: async () => { if (screenshot) fs.writeFileSync(screenshot, Buffer.from((await command('Page.captureScreenshot', {})).result.data, 'base64')); },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function until(what, condition) {
  for (const limit = Date.now() + PATIENCE; ; await tick()) {
    let value;
    try { value = await condition(); } catch (error) { value = undefined; }
    if (value) return value;
    if (Date.now() > limit) throw new Error('waited in vain for ' + what);
  }
}

async function main() {
  const there = browser === 'node' ? inNode() : await inChromium();
  const shown = async id => await there.evaluate(`document.getElementById('${id}').textContent`);
  const shows = (id, text) => until(`'${text}' in '${id}'`, async () => (await shown(id)).includes(text));
  const say = async text => {
    await there.evaluate(`document.getElementById('text').value = '${text}'`);
    await there.evaluate(`document.getElementById('speak').requestSubmit()`);
  };
  try {
    await shows('state', 'here as guest');
    await shows('said', '(before) ann: good morning');
    await say('let me in');
    await shows('state', 'not_authorized');
    await there.evaluate(`document.getElementById('name').value = 'eve'`);
    await there.evaluate(`document.getElementById('ticket').value = "eve's"`);
    await there.evaluate(`document.getElementById('login').requestSubmit()`);
    await shows('state', 'here as member');
    await say('who is there?');
    await shows('said', 'me: who is there?');
    await shows('said', 'ann: ann is');
    await shows('said', 'bob: bob is');
    await there.picture();
    console.log(await shown('said') + await shown('state'));
  } catch (error) {
    error.message += `; it shows: ${await shown('said')}${await shown('state')}`;
    throw error;
  } finally {
    await there.end();
  }
}
main().then(() => process.exit(0), error => { console.error(error.message); process.exit(1); });
