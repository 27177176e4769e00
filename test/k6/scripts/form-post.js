import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.post('http://shop.test/echo', { user: 'ann', colours: ['red', 'blue'] });
  check(res, { 'is a form': (r) => r.body === 'user=ann&colours=red&colours=blue' });
}
