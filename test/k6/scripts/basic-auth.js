import encoding from 'k6/encoding';
import http from 'k6/http';
import { check } from 'k6';

const username = 'user', password = 'passwd';

export default function () {
  const credentials = `${username}:${password}`;
  let res = http.get(`http://${credentials}@shop.test/headers`);
  check(res, { 'by the URL': (r) => r.json('authorization') === 'Basic dXNlcjpwYXNzd2Q=' });
  const encoded = encoding.b64encode(credentials);
  res = http.get('http://shop.test/headers', { headers: { Authorization: `Basic ${encoded}` } });
  check(res, { 'by a header': (r) => r.json('authorization') === 'Basic dXNlcjpwYXNzd2Q=' });
}
