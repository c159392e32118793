const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 20V5M5.5 11.5L12 5l6.5 6.5",
  up: "M7 11v9H4v-9zM7 11l4-7.5c1.4 0 2.4 1 2.4 2.4V9.5h5a1.6 1.6 0 0 1 1.6 1.9l-1.2 7a1.9 1.9 0 0 1-1.9 1.6H7",
  down: "M17 13V4h3v9zM17 13l-4 7.5c-1.4 0-2.4-1-2.4-2.4v-3.6h-5A1.6 1.6 0 0 1 4 12.6l1.2-7A1.9 1.9 0 0 1 7.1 4H17",
  below: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  seat: "M7 10V6.5A2.5 2.5 0 0 1 9.5 4h5A2.5 2.5 0 0 1 17 6.5V10M5 17v3M19 17v3M4 12a1.8 1.8 0 0 1 3.6 0v2h8.8v-2a1.8 1.8 0 0 1 3.6 0v5H4z",
  expand: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
  shrink: "M13 5v6h6M20 4l-7 7M11 19v-6H5M4 20l7-7",
  print: "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  mail: "M3 6h18v12H3zM3 7l9 7 9-7",
  away: "M4 4l16 16M9.5 5.6A9 9 0 0 1 20.5 12M3.5 12a9 9 0 0 0 12 8.3",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
