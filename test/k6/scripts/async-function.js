import http from 'k6/http';
import { check } from 'k6';

export default async function () {
  const [one, two] = await Promise.all([
    http.asyncRequest('GET', 'http://shop.test/one'),
    http.asyncRequest('GET', 'http://shop.test/two'),
  ]);
  check(one, { one: (r) => r.status === 200 });
  check(two, { two: (r) => r.status === 200 });
  http.get('http://shop.test/three');
}
