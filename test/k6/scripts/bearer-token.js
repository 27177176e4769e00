import http from 'k6/http';
import { check, fail } from 'k6';

let token = null;

function authenticate() {
  const res = http.post('http://shop.test/echo', JSON.stringify({ token: 'secret' }));
  if (!check(res, { 'logged in': (r) => r.status === 200 })) fail('no login');
  return res.json('token');
}

export default function () {
  if (token === null) token = authenticate();
  const res = http.get('http://shop.test/headers', { headers: { Authorization: `Bearer ${token}` } });
  check(res, { 'token is sent': (r) => r.json('authorization') === 'Bearer secret' });
}
