import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const res = http.get('http://shop.test/items');
  const passed = check(res, {
    'is 200': (r) => r.status === 200,
    'is JSON': (r) => r.headers['Content-Type'] === 'application/json',
    'is wrong': (r) => r.status === 500,
  });
  check(passed, { 'check says so': (all) => all === false });
  check(http.get('http://shop.test/missing'), {
    'is 404': (r) => r.status === 404 && r.error_code === 1404,
  });
}
