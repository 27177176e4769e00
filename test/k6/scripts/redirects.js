import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const followed = http.get('http://shop.test/redirect');
  check(followed, { 'lands at home': (r) => r.url === 'http://shop.test/home' && r.status === 200 });
  const first = http.get('http://shop.test/redirect', { redirects: 0 });
  check(first, { 'is a 302': (r) => r.status === 302 && r.headers['Location'] === '/home' });
}
