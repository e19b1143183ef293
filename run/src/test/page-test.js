// Uses examples/remote/workers.html as a browser would: node page-test.js PAGE URL USER TICKET_FILE WORKER
// Connects, waits until the worker is shown, clicks it, and waits until it is said to be restarted and shown with another pid.
// Needs the npm package ws.
const fs = require('fs');
const WebSocket = require('ws');
const [page, url, user, ticket, worker] = process.argv.slice(2);

class Element {
  constructor() { this.value = ''; this.textContent = ''; this.children = []; }
  replaceChildren(...children) { this.children = children; }
}
const elements = {};
const byId = id => elements[id] ||= new Element();
const text = fs.readFileSync(page, 'utf8');
for (const [, id] of text.matchAll(/id="([a-z]+)"/g)) byId(id);
const script = text.match(/<script>([^]*)<\/script>/)[1];
const Browser = class extends WebSocket { constructor(where, protocol) { super(where, protocol, {origin: 'null'}); } };
new Function('document', 'WebSocket', script)({getElementById: id => elements[id], createElement: () => new Element()}, Browser);

Object.assign(byId('url'), {value: url});
Object.assign(byId('user'), {value: user});
Object.assign(byId('ticket'), {value: fs.readFileSync(ticket, 'utf8').trim()});
byId('login').onsubmit({preventDefault() {}});

const row = () => byId('workers').children.find(one => one.textContent.startsWith(worker + ' '));
let before;
const limit = setTimeout(() => finish(1, 'still: ' + byId('said').textContent), 30000);
const look = setInterval(() => {
  const shown = row();
  if (!shown) return;
  if (!before) {
    before = shown.textContent;
    shown.onclick();
  } else if (/ started \d/.test(shown.textContent) && shown.textContent !== before && /restarted, pid/.test(byId('said').textContent)) {
    finish(0, before + ' -> ' + shown.textContent);
  }
}, 50);
function finish(code, words) {
  clearTimeout(limit);
  clearInterval(look);
  console.log(words);
  process.exit(code);
}
