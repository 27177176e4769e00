import http from 'k6/http';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';

const waiting = new Trend('waiting_time', true);
const errors = new Rate('errors_seen');
const orders = new Counter('orders');
const size = new Gauge('body_size');

export const options = {
  thresholds: {
    waiting_time: ['p(95)<500'],
    errors_seen: ['rate<0.1'],
    orders: ['count>0'],
  },
};

export default function () {
  const res = http.get('http://shop.test/');
  waiting.add(res.timings.waiting);
  errors.add(res.status !== 200);
  orders.add(1);
  size.add(res.body.length, { kind: 'page' });
}
