import http from 'k6/http';

export default function () {
  const order = (a, b) => http.get(`http://shop.test/${a}`).status - http.get(`http://shop.test/${b}`).status;
  ['b', 'a'].sort(order);
}
