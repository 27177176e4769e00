import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const responses = http.batch([
    ['GET', 'http://shop.test/a', null, { tags: { kind: 'page' } }],
    ['GET', 'http://shop.test/b'],
    'http://shop.test/c',
  ]);
  check(responses[2], { 'third is 200': (r) => r.status === 200 });
}
