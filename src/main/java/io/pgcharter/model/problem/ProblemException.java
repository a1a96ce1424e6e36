package io.pgcharter.model.problem;

/// Carries a [Problem] out of the place that met it. The engine alone turns it into a failed outcome.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.text());
        this.problem = problem;
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.text(), cause);
        this.problem = problem;
    }

    public ProblemException(ProblemCode code, String fact, String cause, String remedy) {
        this(new Problem(code, fact, cause, remedy));
    }

    public Problem problem() {
        return problem;
    }
}
