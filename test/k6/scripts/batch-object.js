import http from 'k6/http';
import { check } from 'k6';

export default function () {
  const responses = http.batch({
    front: 'http://shop.test/',
    login: { method: 'POST', url: 'http://shop.test/echo', body: 'x', params: {} },
  });
  check(responses.login, { 'has the body': (r) => r.body === 'x' });
  check(responses.front, { 'is 200': (r) => r.status === 200 });
}
