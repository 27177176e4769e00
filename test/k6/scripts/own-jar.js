import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const jar = new http.CookieJar();
  jar.set('http://shop.test', 'mine', '1');
  const res = http.get('http://shop.test/headers', { jar });
  check(res, { 'only mine': (r) => r.json('cookie') === 'mine=1' });
}
