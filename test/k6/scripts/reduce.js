import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const total = ['/a', '/b', '/c'].reduce((sum, path) => sum + http.get(`http://shop.test${path}`).body.length, 0);
  check(total, { 'is the sum': (n) => n === 15 });
  const kept = [1, 2, 3].filter((n) => http.get(`http://shop.test/keep/${n}`).status === 200);
  const all = Array.from({ length: 2 }, (_, n) => http.get(`http://shop.test/n/${n}`));
  check(all.concat(kept), { 'five in all': (list) => list.length === 5 });
}
