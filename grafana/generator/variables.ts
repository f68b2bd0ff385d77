import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

/** The Prometheus that the reader chose, in panels, variables and annotations. */
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

type Variable = DatasourceVariableBuilder | QueryVariableBuilder;

/** Which Prometheus, which scrape job, which host: what every dashboard asks. */
export function hostVariables(): Variable[] {
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    several('job', 'Job', 'label_values(confined_build_info, job)', '.+'),
    several('instance', 'Instance', 'label_values(confined_build_info{job=~"$job"}, instance)', '.+'),
  ];
}

/** Which containers of these hosts. A container without the label is among "All". */
export function containersVariables(): Variable[] {
  const seen = 'container_info{job=~"$job", instance=~"$instance", id!="/"';
  const project = 'container_label_com_docker_compose_project';
  const service = 'container_label_com_docker_compose_service';
  const ofProject = `${seen}, ${project}=~"$project"`;
  return [
    ...hostVariables(),
    several('project', 'Compose project', `label_values(${seen}}, ${project})`, '.*'),
    several('service', 'Compose service', `label_values(${ofProject}}, ${service})`, '.*'),
    several('container', 'Container', `label_values(${ofProject}, ${service}=~"$service"}, name)`, '.*'),
  ];
}

/**
 * Which container. Names are empty where there is no Docker to ask; the cgroup then says which it is, and so it does
 * where several hosts have a container of the same name.
 */
export function containerVariables(): Variable[] {
  const seen = 'container_info{job=~"$job", instance=~"$instance", id!="/"';
  return [
    ...hostVariables(),
    one('container', 'Container', `label_values(${seen}}, name)`),
    several('id', 'Cgroup', `label_values(${seen}, name=~"$container"}, id)`, '.+'),
  ];
}

function several(name: string, label: string, query: string, all: string): Variable {
  return one(name, label, query)
    .multi(true)
    .includeAll(true)
    .allValue(all)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

function one(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc);
}
