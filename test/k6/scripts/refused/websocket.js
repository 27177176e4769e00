import { check } from 'k6';
import ws from 'k6/ws';

export default function () {
  const res = ws.connect('ws://shop.test', null, (socket) => socket.close());
  check(res, { 'is 101': (r) => r.status === 101 });
}
