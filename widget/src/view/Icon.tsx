const PATHS = {
  close: "M6 6l12 12M18 6L6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M12 20V5M5.5 11.5L12 5l6.5 6.5",
  up: "M7 11v9H4v-9zM7 11l4-7.5c1.4 0 2.4 1 2.4 2.4V9.5h5a1.6 1.6 0 0 1 1.6 1.9l-1.2 7a1.9 1.9 0 0 1-1.9 1.6H7",
  down: "M17 13V4h3v9zM17 13l-4 7.5c-1.4 0-2.4-1-2.4-2.4v-3.6h-5A1.6 1.6 0 0 1 4 12.6l1.2-7A1.9 1.9 0 0 1 7.1 4H17",
  below: "M12 5v14M5.5 12.5L12 19l6.5-6.5",
  seat: "M8 4v16M8 13h8v7",
  away: "M4 4l16 16M9.5 5.6A9 9 0 0 1 20.5 12M3.5 12a9 9 0 0 0 12 8.3",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
