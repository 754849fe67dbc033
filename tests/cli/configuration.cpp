#include <support/program.hpp>

namespace {

/// The settings alone, of which each is refused.
std::vector<Refusal> each(std::vector<std::pair<std::string, std::string>> pairs) {
    std::vector<Refusal> refusals;
    for (auto& [setting, says] : pairs) refusals.push_back({{std::move(setting)}, std::move(says)});
    return refusals;
}

}  // namespace

TEST_CASE("a name that nobody knows is refused with the nearest one that somebody does") {
    const Workplace place;
    check_all_refused(place, 2,
                      each({{"couplig.G=3", "--set couplig is not a known key here (did you mean 'coupling'?)"},
                            {"coupling.Gg=3", "coupling.Gg is not a known key here (did you mean 'G'?)"},
                            {"integrator.druation=3", "integrator.druation is not a known key here (did you mean 'duration'?)"},
                            {"output.fiel=x.h5", "did you mean 'file'?"},
                            {"stimulus[0].amplitud=1", "stimulus[0].amplitud is not a known key here (did you mean 'amplitude'?)"},
                            {"model.name=ion_exchnage", "no model 'ion_exchnage' (did you mean 'ion_exchange'?)"},
                            {"model.preset=fgi6", "no preset 'fgi6' (did you mean 'fig6'?)"},
                            {"model.parameters.K_bth=6", "no parameter 'K_bth' (did you mean 'K_bath'?)"},
                            {"model.initial.DK=1", "no state variable 'DK' (did you mean 'DKi'?)"},
                            {"model.options.self_conductnce=true", "(did you mean 'self_conductance'?)"},
                            {"regions.D.K_bht=6", "no parameter 'K_bht' (did you mean 'K_bath'?)"},
                            {"regions.G.K_bath=6", "six_node has no region 'G'; known: A, B, C, D, E, F"},
                            {"regions.D.model=montbrio", "no model 'montbrio' (did you mean 'montbrio_pazo_roxin'"},
                            {"regions.D.preset=fig_3", "no preset 'fig_3' (did you mean 'fig3'?)"},
                            {"stimulus[0].labels=[\"Q\"]", "six_node has no region 'Q'; known: A, B, C, D, E, F"},
                            {"recruitment.zone=[\"d\"]", "six_node has no region 'd'"},
                            {"connectome.builtin=six_nodes", "(did you mean 'six_node'?)"},
                            {"connectome.normalise=rwo", "= \"rwo\" is not known (did you mean 'row'?)"},
                            {"coupling.kind=liner", "(did you mean 'linear'?)"},
                            {"integrator.method=rk5", "(did you mean 'rk4'?)"},
                            {"integrator.bounds=clp", "(did you mean 'clip'?)"},
                            {"monitor[0].kind=avrage", "(did you mean 'average'?)"},
                            {"monitor[0].variables=[\"Kext\"]", "(did you mean 'K_ext'"},
                            {"stimulus[0].waveform=puls", "(did you mean 'pulse'"}}));
}

TEST_CASE("a value outside its range is refused with the range, the unit and the place") {
    const Workplace place;
    check_all_refused(place, 2,
                      each({{"model.parameters.K_bath=-3", "--set model.parameters.K_bath = -3 mM is outside (0, inf)"},
                            {"model.parameters.Cm=0", "model.parameters.Cm = 0"},
                            {"model.initial.n=1.5", "model.initial.n = 1.5"},
                            {"model.initial.r=-1", "model.initial.r = -1"},
                            {"regions.D.K_bath=0", "K_bath = 0 mM in region D is outside (0, inf)"},
                            {"regions.D.initial.n=-0.5", "n = -0.5 in region D is outside [0, 1]"},
                            {"connectome.speed=-4", "connectome.speed = -4 mm/ms is not above 0"},
                            {"connectome.speed=0", "connectome.speed = 0 mm/ms is not above 0"},
                            {"connectome.delay=-1", "connectome.delay = -1 ms is below 0"},
                            {"connectome.weights.A.D=nan", "weight to A from D is nan"},
                            {"connectome.lengths.A.D=-3", "tract length to A from D is -3 mm"},
                            {"coupling.G=inf", "coupling.G = inf is not a finite number"},
                            {"integrator.dt=0", "integrator.dt = 0 ms is not above 0"},
                            {"integrator.dt=nan", "integrator.dt = nan ms is not above 0"},
                            {"integrator.duration=-20", "integrator.duration = -20 ms is not above 0"},
                            {"integrator.seed=-1", "integrator.seed = -1 is below 0"},
                            {"stimulus[0].duration=0", "duration = 0 ms is not above 0"},
                            {"stimulus[0].amplitude=inf", "amplitude is not a finite number"},
                            {"recruitment.min_events=0", "recruitment.min_events = 0 is below 1"},
                            {"recruitment.burst_gap=-1", "recruitment.burst_gap = -1 ms is not above 0"}}));
    check_all_refused(place, 2,
                      {{{"integrator.method=heun", "noise.V.D=-1"}, "noise.V.D = -1 is outside [0, inf)"},
                       {{"integrator.method=heun", "noise.V={D=1, tau=0}"}, "noise.V.tau = 0 ms is outside (0, inf)"},
                       {{"integrator.method=heun", "noise.stimulus={tau=-1, sd=1}"}, "noise.stimulus.tau = -1 ms is outside (0, inf)"},
                       {{"integrator.method=heun", "noise.stimulus={tau=5, sd=-1}"}, "noise.stimulus.sd = -1 is outside [0, inf)"},
                       {{"integrator.bounds=clip", "integrator.limits.r=[1, 0]"}, "r = [1, 0] is empty"}});
}

TEST_CASE("a value of another type is refused with the value") {
    const Workplace place;
    check_all_refused(place, 2,
                      each({{"coupling.G=strong", "--set coupling.G = \"strong\" is not a number"},
                            {"coupling.G=true", "coupling.G = true is not a number"},
                            {"coupling.G=[1]", "coupling.G is not a number"},
                            {"coupling.kind=3", "coupling.kind = 3 is not a text in quotes"},
                            {"coupling=3", "coupling is not a table"},
                            {"model.parameters.K_bath=high", "model.parameters.K_bath = \"high\" is not a number"},
                            {"model.parameters=3", "model.parameters is not a table"},
                            {"model.initial=3", "model.initial is not a table"},
                            {"model.options.self_conductance=1", "= 1 is neither true nor false"},
                            {"regions.D=3", "regions.D is not a table"},
                            {"regions.D.K_bath=high", "regions.D.K_bath = \"high\" is not a number"},
                            {"regions.D.initial=3", "regions.D.initial is not a table"},
                            {"regions.D.initial.V=low", "regions.D.initial.V = \"low\" is not a number"},
                            {"regions.D.model=3", "regions.D.model = 3 is not a text in quotes"},
                            {"integrator.seed=1.5", "integrator.seed = 1.5 is not a whole number"},
                            {"monitor=3", "monitor is not a list of tables: write [[monitor]]"},
                            {"monitor=[3]", "monitor holds something that is not a table"},
                            {"monitor[0].variables=V", "monitor[0].variables is not a list of texts"},
                            {"monitor[0].variables=[1]", "monitor[0].variables holds something that is not a text in quotes"},
                            {"recruitment.zone=D", "recruitment.zone is not a list of texts"},
                            {"recruitment.control=1", "recruitment.control = 1 is neither true nor false"},
                            {"noise.V=3", "noise.V is not a table"},
                            {"output.picture=no", "output.picture = \"no\" is neither true nor false"},
                            {"connectome.weights.A=3", "connectome.weights.A is not a table"}}));
}

TEST_CASE("settings that do not fit each other are refused") {
    const Workplace place;
    check_all_refused(
        place, 2,
        {{{"integrator.dt=0.03"}, "run.toml:17: integrator.duration = 20 ms is not a whole number of steps of dt = 0.03 ms"},
         {{"integrator.duration=20.01"}, "the nearest are 20 and 20.02 ms"},
         {{"monitor[0].kind=average", "monitor[0].period=0.05"},
          "monitor[0].period = 0.05 ms is not a whole number of steps of dt = 0.02 ms"},
         {{"monitor[0].kind=average", "monitor[0].period=0"}, "monitor[0].period = 0 ms is not above 0"},
         {{"monitor[0].period=1"}, "monitor[0].period is not for a raw monitor"},
         {{"monitor=[{kind=\"raw\"}, {kind=\"raw\"}]"}, "two monitors are named 'raw'"},
         {{"monitor[0].name=a/b"}, "monitor[0].name = \"a/b\" is not a name for a group"},
         {{"connectome.speed=4", "connectome.delay=5"}, "connectome.delay and speed exclude each other"},
         {{"connectome.file=x.csv"}, "connectome needs either file = \"...\""},
         {{"connectome.labels=x.txt"}, "connectome.labels belongs to a file of weights"},
         {{"integrator.limits.r=[0, 1]"}, "integrator.limits are for bounds = \"clip\" only"},
         {{"noise.V.D=1e-3"}, "rk4 takes no noise; use method = \"heun\" or \"euler\""},
         {{"noise.stimulus={tau=5, sd=1}"}, "rk4 takes no noise"},
         {{"noise.V={tau=5}", "integrator.method=heun"}, "noise.V needs D = ..."},
         {{"noise.W={D=1}", "integrator.method=heun"}, "a state variable 'W'; known: r, V, n, DKi, Kg"},
         {{"stimulus[0].pattern=*"}, "stimulus[0] needs either labels = [...] or pattern = \"...\""},
         {{"stimulus[0].labels=[\"A\", \"A\"]"}, "names region 'A' twice"},
         {{"stimulus[0].waveform=pulse_train"}, "a pulse train needs 0 < width <= period"},
         {{"stimulus[0].waveform=file"}, "stimulus[0] needs file = \"...\" with two columns"},
         {{"stimulus[0].period=3"}, "stimulus[0].period is not a known key here"},
         {{"coupling.cmin=0"}, "coupling.cmin is not a known key here"},
         {{"coupling.history=float16"}, "coupling.history = \"float16\""},
         {{"coupling.order=source", "integrator.method=adaptive"}, "are for fixed steps"},
         {{"coupling.gains={ion_exchange=2}"}, "coupling.gains.ion_exchange is no pair of models; write \"SENDER -> RECEIVER\""},
         {{"coupling.gains={\"adx -> ion_exchange\"=2}"}, "no model 'adx' (did you mean 'adex'?)"},
         {{"coupling.gains={\"adex -> ion_exchange\"=nan}"}, "is not a finite number"},
         {{"regions.B.model=epileptor"}, "which sends x1 [1], and there is no conversion into c [1/ms]"},
         {{"output.file="}, "output.file = \"\" is not the name of a file"},
         // The start state that The Virtual Brain's own box of starts holds in a quarter of all cases.
         {{"model.initial.Kg=-30"}, "the start state of region A gives K_ext = -27.38260035 mM, which is outside (0, inf)"}});
}

TEST_CASE("a configuration that is missing or no TOML is refused with file and line") {
    const Workplace place;
    place.write("broken.toml", "[connectome]\nbuiltin = \"six_node\"\nspeed = = 4\n");
    place.write("open.toml", "[model\n");
    place.write("empty.toml", "");
    place.write("no_duration.toml", "[connectome]\nbuiltin = \"six_node\"\n[model]\nname = \"ion_exchange\"\n");
    place.write("misspelt.toml", small_run + "\n[coupling2]\nG = 3\n");
    place.write("twice.toml", small_run + "\n[coupling]\nG = 3\n");
    const auto before = place.contents();
    check_refused(place.kation({"run", "none.toml"}), 2, "there is no configuration none.toml");
    check_refused(place.kation({"run", "."}), 2, "is a folder, not a configuration");
    check_refused(place.kation({"run", "broken.toml"}), 2, "broken.toml:3: ");
    check_refused(place.kation({"run", "open.toml"}), 2, "open.toml:1: ");
    check_refused(place.kation({"run", "twice.toml"}), 2, "twice.toml:36: ");
    check_refused(place.kation({"run", "empty.toml"}), 2, "connectome needs either file");
    check_refused(place.kation({"run", "no_duration.toml"}), 2, "integrator needs duration = ... [ms]");
    check_refused(place.kation({"run", "misspelt.toml"}), 2,
                  "misspelt.toml:36: coupling2 is not a known key here (did you mean 'coupling'?)");
    CHECK(place.contents() == before);
}

TEST_CASE("--set that cannot be followed is refused") {
    const Workplace place;
    check_all_refused(place, 2,
                      each({{"coupling.G", "there is no '='; write KEY=VALUE, for example --set coupling.G=48"},
                            {"=3", "the key is empty"},
                            {"coupling.=3", "a part of the key is empty"},
                            {"coupling..G=3", "a part of the key is empty"},
                            {".G=3", "a part of the key is empty"},
                            {"regions.\"D.K_bath=3", "a quote in the key is not closed"},
                            {"regions.\"D\"K_bath=3", "a dot is missing before 'K_bath'"},
                            {"stimulus[0]amplitude=3", "a dot is missing before 'amplitude'"},
                            {"stimulus[first].amplitude=3", "is not a number of a place"},
                            {"stimulus[-1].amplitude=3", "is not a number of a place"},
                            {"stimulus[0.amplitude=3", "is not a number of a place"},
                            {"stimulus[=3", "is not a number of a place"},
                            {"stimulus[]=3", "is not a number of a place"},
                            {"stimulus[1].amplitude=3", "stimulus has no element 1; it has 1, numbered from 0"},
                            {"stimulus.amplitude=3", "stimulus is no table, it has no 'amplitude'"},
                            {"coupling[0]=3", "coupling is no array"},
                            {"coupling.G.x=3", "coupling.G is no table, it has no 'x'"},
                            {"model.parameters={K_bath=6", "--set 'model.parameters={K_bath=6': Error while parsing"},
                            {"model.parameters={K_bath=6, K_bath=7}", "cannot redefine"},
                            {"recruitment.zone=[\"D\"", "Error while parsing"},
                            {"\"coupling.G\"=3", "--set \"coupling.G\" is not a known key here"},
                            {"coupling.G=", "coupling.G = \"\" is not a number"},
                            {"coupling.G=3 4", "coupling.G = \"3 4\" is not a number"},
                            {"regions.\"lCN.MD\".K_bath=6", "--set regions.\"lCN.MD\": six_node has no region 'lCN.MD'"}}));
    const Outcome two_lines = place.run({"coupling.G=3\nextra=5"});
    CHECK(two_lines.code == 2);
    CHECK(holds_text(two_lines.err, "there is more than one value"));
}

TEST_CASE("what is wrong with the command line is said with the nearest word that is right") {
    const Workplace place;
    const auto before = place.contents();
    check_refused(place.kation({"rnu"}), 2, "there is no command 'rnu' (did you mean 'run'?); see kation --help");
    check_refused(place.kation({}), 2, "kation --help");
    check_refused(place.kation({"run"}), 2, "CONFIG is required; see kation run --help");
    check_refused(place.kation({"run", "run.toml", "again.toml"}), 2, "'again.toml' was not expected");
    check_refused(place.kation({"run", "run.toml", "--treads", "2"}), 2, "there is no option '--treads' (did you mean '--threads'?)");
    check_refused(place.kation({"run", "run.toml", "--threads", "0"}), 2, "--threads");
    check_refused(place.kation({"run", "run.toml", "--threads", "two"}), 2, "--threads");
    check_refused(place.kation({"connectome", "inof", "six_node"}), 2, "there is no command 'inof' (did you mean 'info'?)");
    CHECK(place.contents() == before);
}

TEST_CASE("every command has a page of help with an example") {
    const Workplace place;
    CHECK(place.kation({"--version"}).out.starts_with("kation "));
    CHECK(holds_text(place.kation({"--help"}).out, "kation run examples/seizure_propagation/seizure.toml"));
    for (const Arguments& command : std::vector<Arguments>{{"run"},
                                                           {"scan"},
                                                           {"models"},
                                                           {"plot"},
                                                           {"connectome"},
                                                           {"connectome", "info"},
                                                           {"connectome", "audit"},
                                                           {"connectome", "convert"},
                                                           {"connectome", "generate"}}) {
        Arguments arguments = command;
        arguments.emplace_back("--help");
        const Outcome help = place.kation(arguments);
        CAPTURE(command.back());
        CHECK(help.code == 0);
        CHECK(holds_text(help.out, "Example:"));
        CHECK(help.err.empty());
    }
}
