export default { test: { environment: "happy-dom", include: ["test/unit/**/*.test.{ts,tsx,mjs}"] } };
