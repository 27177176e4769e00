import http from 'k6/http';

const token = http.get('http://shop.test/token').body;

export default function () {
  http.get(`http://shop.test/${token}`);
}
