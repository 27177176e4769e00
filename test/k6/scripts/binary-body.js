import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get('http://shop.test/', { responseType: 'binary' });
  check(res, { 'has bytes': (r) => new Uint8Array(r.body)[0] === 104 });
  const none = http.get('http://shop.test/', { responseType: 'none' });
  check(none, { 'has none': (r) => r.body === null });
}
