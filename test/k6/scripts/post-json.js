import http from 'k6/http';
import { check } from 'k6';

export const options = { vus: 5, duration: '10s' };

export default function () {
  const url = 'http://shop.test/echo';
  const payload = JSON.stringify({ name: 'lorem', surname: 'ipsum' });
  const params = { headers: { 'Content-Type': 'application/json' } };
  const res = http.post(url, payload, params);
  check(res, {
    'is created': (r) => r.status === 200,
    'echoes the name': (r) => r.json().name === 'lorem',
    'by path': (r) => r.json('surname') === 'ipsum',
  });
}
