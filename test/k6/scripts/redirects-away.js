import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const sent = http.get('http://shop.test/away', {
    headers: { Authorization: 'Bearer a1b2c3', 'X-Api-Key': 'a1b2c3', Accept: 'text/html' },
    cookies: { session: 'a1b2c3' },
  });
  check(sent, {
    'credentials stay behind': (r) => !r.body.includes('a1b2c3'),
    'other fields follow': (r) => r.json().accept === 'text/html',
  });
}
